"""Everything of one village in one file, for handing it over to another installation (``docs/archive.md``).

``tables`` finds what belongs to a village, ``format`` is the file's outside, ``writing`` makes one, ``checking``
refuses what is damaged or hostile before anything is written, ``restoring`` brings one in.
"""
