"""Passwords: hashing, one-time ones, and the rules for new ones."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

MIN_LENGTH = 10

# OWASP's second profile: 27 ms and 73 sign-ins a second on two cores; the library's default gives 10.
hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

# A sign-in with an unknown name must take as long as one with a known name.
_NOBODY = hasher.hash(secrets.token_hex(16))

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_TOO_COMMON = ("puskesos", "password", "katasandi", "1234567890", "qwertyuiop", "indonesia")


def hash_password(password: str) -> str:
    return hasher.hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """False for a wrong password, and (as slowly) for a user who does not exist."""
    try:
        return hasher.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def one_time_password() -> str:
    """To be read out over a desk: 12 characters (59 bits) without those that look alike."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def password_problem(password: str, username: str) -> str | None:
    """Why a new password is refused, or None. Length over composition (NIST SP 800-63B)."""
    if len(password) < MIN_LENGTH:
        return _("Kata sandi paling sedikit %(n)s huruf. Kalimat pendek mudah diingat.", n=MIN_LENGTH)
    plain = password.lower()
    if username.lower() in plain or len(set(plain)) < 4 or any(word in plain for word in _TOO_COMMON):
        return _("Kata sandi ini terlalu mudah ditebak. Pakai beberapa kata yang tidak berhubungan.")
    return None
