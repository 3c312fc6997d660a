"""Texts that are declared once and read in each reader's language."""

from typing import cast

import flask_babel
from flask_babel.speaklater import LazyString

Text = str | LazyString
"""What a declaration takes where people read something."""


def lazy_gettext(text: str, **values: object) -> str:
    """Flask-Babel's, declared as the ``str`` that it stands for wherever a label, a title or a message is wanted."""
    return cast("str", flask_babel.lazy_gettext(text, **values))
