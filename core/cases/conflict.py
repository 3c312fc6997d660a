"""Both sides of a stale edit, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wtforms import Form

from .answers import form_with, readable
from .models import Case
from .service import Service


@dataclass(frozen=True)
class Difference:
    """One field: what was typed, and what somebody else has stored meanwhile."""

    label: str
    mine: str
    stored: str


def differences(service: Service, case: Case, mine: Mapping[str, Any], edited: Form, answers: Form) -> list[Difference]:
    """The fields in which what was typed differs from what is stored.

    Args:
        mine: what was typed, as the case would keep it; also ``priority`` and ``note``.
        edited: the form of priority and note, filled with what was typed.
        answers: the service's form, filled with what was typed.
    """
    stored = form_with(service.form, case.data)
    rows = [
        Difference(str(field.label.text), readable(field), readable(stored[field.short_name]))
        for field in answers
        if (mine.get(field.short_name) or "") != (case.data.get(field.short_name) or "")
    ]
    as_stored = type(edited)(formdata=None, priority=case.priority, note=case.note)
    return rows + [
        Difference(str(field.label.text), readable(field), readable(as_stored[field.short_name]))
        for field in edited
        if field.short_name in ("priority", "note") and (field.data or "") != getattr(case, field.short_name)
    ]
