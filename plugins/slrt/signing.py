"""The signature that both sides put on a message: HMAC-SHA256 (RFC 2104) over timestamp, a dot, and the body."""

import hmac
from datetime import datetime

SIGNATURE, TIMESTAMP, DELIVERY = "X-Slrt-Signature", "X-Slrt-Timestamp", "X-Slrt-Delivery"


class BadSignature(Exception):
    """Missing, wrong, or too old: who sent it is not known."""


def sign(key: str, timestamp: str, body: bytes) -> str:
    """The value of ``X-Slrt-Signature``: "sha256=" and 64 hexadecimal digits."""
    return f"sha256={hmac.new(key.encode(), timestamp.encode() + b'.' + body, 'sha256').hexdigest()}"


def check(key: str | None, timestamp: str, signature: str, body: bytes, *, now: datetime, tolerance: int) -> None:
    """In a time that does not depend on how much of the signature is right.

    Args:
        timestamp: seconds since 1970 in UTC, as digits.
        tolerance: seconds that it may lie before or after ``now``.

    Raises: BadSignature.
    """
    expected = sign(key or "", timestamp, body)
    right = hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogateescape"))
    if not key or not right:
        raise BadSignature
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise BadSignature
    if abs(now.timestamp() - int(timestamp)) > tolerance:
        raise BadSignature
