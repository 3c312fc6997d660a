"""Settings of plugins: declared as a form, set at any area, inherited by what lies below, secrets sealed.

``form`` is what an author declares, ``reading`` what a plugin asks, ``changing`` what a page and the command line do.
"""
