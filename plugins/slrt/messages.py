"""What goes out: the JSON of one message, exactly as docs/slrt.md says it."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core.api import Area, Referral, seen_by_receiver

VERSION = 1
INTERNAL = ("nik_full",)
"""A mark for our own page, where each showing of a whole NIK is recorded; no whole NIK ever goes out."""


def message(area: Area, referral: Referral, delivery: UUID, event: str, at: datetime) -> dict[str, Any]:
    """About a referral of the village ``area``.

    ``shared`` is what the organisation may read of the referral now: the copy that the village sent, of which only the
    name, the kind and what was asked are left once the referral is out of the organisation's hands.

    Args:
        event: the state that was reached at ``at``; the referral may have gone on since, as ``state`` says.
    """
    shared = {key: value for key, value in seen_by_receiver(referral).items() if key not in INTERNAL}
    return {
        "version": VERSION,
        "delivery": str(delivery),
        "event": event,
        "at": utc(at),
        "referral": {
            "number": referral.number,
            "village": area.code,
            "village_name": area.title,
            "organisation": referral.organisation.name,
            "kind": referral.kind,
            "state": referral.state,
            "decision": referral.decision,
            "sent_at": utc(referral.sent_at) if referral.sent_at else None,
            "due_on": referral.due_on.isoformat(),
            "shared": shared,
        },
    }


def as_bytes(content: dict[str, Any]) -> bytes:
    """The body that is signed: UTF-8, keys in the order of the documentation, no blanks."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def utc(moment: datetime) -> str:
    """2026-11-12T03:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
