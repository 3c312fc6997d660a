"""Modules on screen: what is on where and why, what a change would do, the change itself, and the way back.

The settings, and each area's effective set, are kept by ``core.areas.modules``.
"""
