"""The version of ``core.api`` and of the hooks, and which versions a plugin may be written for.

``major.minor``; "1" is "1.0". What is added raises the minor version. What goes was deprecated for at least two minor
versions before (see ``core.deprecation``), and raises ``OLDEST_API``. What means something else raises the major one.
"""

import re

API_VERSION = "1.2"
OLDEST_API = "1.0"

_FORM = re.compile(r"(0|[1-9]\d{0,3})(?:\.(0|[1-9]\d{0,3}))?")


def read_version(text: str) -> tuple[int, int]:
    """("1.2") → (1, 2).

    Raises:
        ValueError: not of this form.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(f'{text!r} is no version of core.api; write it like "1" or "1.2"')
    return int(found[1]), int(found[2] or 0)
