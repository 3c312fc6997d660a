"""Secrets that the database keeps and must not be able to read: sealed with a key derived from the installation's.

Whoever rotates the secret key makes what was sealed before unreadable: ``docs/accounts.md`` says what to do then.
"""

import os
from functools import cache
from hmac import digest
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.platform import platform

_NONCE = 12


@cache
def _key(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"puskesos {purpose}".encode()).derive(secret.encode())


def _own_key(purpose: str) -> bytes:
    return _key(platform().config.secret_key, purpose)


def seal(plain: bytes, owner: UUID, purpose: str) -> bytes:
    """Encrypted with AES-256-GCM, for one account and one purpose: moved to another it opens for nobody."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_own_key(purpose)).encrypt(nonce, plain, owner.bytes)


def unseal(sealed: bytes, owner: UUID, purpose: str) -> bytes | None:
    """What :func:`seal` was given; None when it was made for another account, purpose or key, or was changed."""
    if len(sealed) <= _NONCE:
        return None
    try:
        return AESGCM(_own_key(purpose)).decrypt(sealed[:_NONCE], sealed[_NONCE:], owner.bytes)
    except InvalidTag:
        return None


def keyed_hash(plain: str, owner: UUID, purpose: str) -> bytes:
    """HMAC-SHA-256 (32 bytes) of a short random code: without the installation's key it cannot be guessed offline."""
    return digest(_own_key(purpose), owner.bytes + plain.encode(), "sha256")
