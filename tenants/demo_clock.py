"""The past, for the demonstration alone: what is done inside `moved_to` carries the moment that it names."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from typing import Any
from unittest.mock import patch

from sqlalchemy import event

from core.cases.models import Case, CaseEvent, CaseRequirement, Document, LetterRecord
from core.database.session import db
from core.referrals.models import Referral, ReferralEvent

# Columns that the database itself fills with the present.
MOMENTS = {
    Case: ("opened_at", "state_since"),
    CaseEvent: ("at",),
    CaseRequirement: ("changed_at",),
    Document: ("uploaded_at",),
    LetterRecord: ("issued_at",),
    Referral: ("created_at",),
    ReferralEvent: ("at",),
}


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Let ``core.clock`` say ``moment``, and write it wherever the database would write the present."""

    class Past(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # pyright: ignore[reportIncompatibleMethodOverride]
            return moment.astimezone(tz)

    def stamp(session: Any, *_context: object) -> None:
        for row in session.new:
            for column in MOMENTS.get(type(row), ()):
                if getattr(row, column) is None:
                    setattr(row, column, moment)
        for row in session.dirty:
            if isinstance(row, CaseRequirement):
                row.changed_at = moment

    event.listen(db.session, "before_flush", stamp)
    try:
        with patch("core.clock.datetime", Past):
            yield
            db.session.flush()
    finally:
        event.remove(db.session, "before_flush", stamp)
