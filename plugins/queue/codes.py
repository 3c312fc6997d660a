"""Codes by which who booked or asked finds it again: 40 bits, drawn and not counted."""

import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which look alike in handwriting."""


def new_code() -> str:
    """Such as K7M2Q9XW."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


def plain(code: str) -> str:
    """As it was drawn, whatever blanks, dashes and small letters somebody types."""
    return "".join(c for c in code.upper() if c.isalnum())[:16]
