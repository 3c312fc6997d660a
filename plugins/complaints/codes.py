"""Tickets, and the code with which a reporter alone can ask about one: shown once, kept as a hash."""

import hashlib
import hmac
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which look alike in handwriting."""
TICKET_LENGTH, CODE_LENGTH = 6, 10


def new_ticket() -> str:
    """ADU-7K3MQ9. Drawn and not counted: it tells neither how many there are nor who came before."""
    return f"ADU-{_draw(TICKET_LENGTH)}"


def new_code() -> str:
    """50 bits, such as K7M2Q-9XWTP."""
    drawn = _draw(CODE_LENGTH)
    return f"{drawn[:5]}-{drawn[5:]}"


def hash_of(ticket: str, code: str) -> str:
    """Slow on purpose (4 MB, some ms): who reads the table cannot try all codes."""
    return hashlib.scrypt(plain(code).encode(), salt=ticket.encode(), n=2**12, r=8, p=1, dklen=32).hex()


def fits(ticket: str, code: str, code_hash: str) -> bool:
    """The same work is done where there is no such complaint (a blank ``code_hash``), so that time tells nothing."""
    return hmac.compare_digest(hash_of(ticket, code), code_hash)


def plain(code: str) -> str:
    """As it was drawn, whatever blanks, dashes and small letters somebody types."""
    return "".join(c for c in code.upper() if c.isalnum())


def _draw(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
