"""Setting, ending and undoing what an area puts in the place of a rule's value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.actor import current_actor
from core.areas.code import AreaCode
from core.audit import record
from core.database.session import db

from .in_force import Stored, forget, seen
from .models import RuleOverride
from .rule import Certainty
from .rulebook import Rules
from .values import as_json, can_be_set, fits, from_json, leaves

# Held while values are set, so that of two changes at once the later one sees the earlier one's.
CHANGING = 3203


class OverrideRefused(ValueError):
    """What is wrong with an override, and with which of its fields; the message is for people."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class NewOverride:
    """What an area decides: a value, from when (and to when, if that is known), and where it comes from."""

    value: Any
    valid_from: date
    valid_to: date | None
    source: str
    certainty: Certainty


def hold_overrides() -> None:
    """Let nobody else set values of rules until this transaction ends."""
    db.session.execute(select(func.pg_advisory_xact_lock(CHANGING)))
    forget()


def declared_value(rules: Rules, key: str) -> Any:
    """That of the newest rule that has it, which tells of what kind it is; None for what is no value, or structure."""
    for rule in reversed(rules.all):
        value = dict(leaves(rule.values)).get(key)
        if value is not None:
            return value if can_be_set(value) else None
    return None


def set_override(area: AreaCode, rules: Rules, key: str, wanted: NewOverride) -> RuleOverride:
    """Put a value in the place of a rule's own, for an area and all below, in all processes from the next request on.

    One that begins on the same day as an earlier one of this area takes its place. The caller holds the overrides
    (:func:`hold_overrides`) and commits.

    Raises:
        OverrideRefused: no such value, one of another kind, an end before the beginning, or no source.
    """
    declared = declared_value(rules, key)
    if declared is None:
        raise OverrideRefused("value", _("Nilai ini bagian dari susunan aturan dan tidak dapat diganti."))
    if not fits(declared, wanted.value):
        raise OverrideRefused("value", _("Nilainya tidak sejenis dengan nilai aturan."))
    choices, texts = rules.choices_of(key), wanted.value if isinstance(wanted.value, tuple) else (wanted.value,)
    if choices and any(isinstance(text, str) and text not in choices for text in texts):
        raise OverrideRefused("value", _("Yang dikenal hanya: %(choices)s.", choices=", ".join(sorted(choices))))
    _check_days(wanted.valid_from, wanted.valid_to)
    if not wanted.source.strip():
        raise OverrideRefused("source", _("Sebutkan dasar atau sumbernya."))
    if wanted.certainty not in get_args(Certainty):
        raise OverrideRefused("certainty", _("Pilih seberapa pasti nilai ini."))
    row = _write(area, rules, key, wanted)
    _note("rules.set", area, rules, row, value=row.value, valid_from=row.valid_from.isoformat(), source=row.source)
    return row


def end_override(area: AreaCode, rules: Rules, row: Stored, last_day: date) -> RuleOverride:
    """Let a value of this area hold no longer than ``last_day``. The caller holds the overrides and commits.

    Raises:
        OverrideRefused: it begins later than that, or is not what counts any more.
    """
    _check_latest(area, rules, row)
    _check_days(row.valid_from, last_day)
    ended = _again(area, rules, row, valid_to=last_day)
    _note("rules.ended", area, rules, ended, valid_to=last_day.isoformat())
    return ended


def undo(area: AreaCode, rules: Rules, row: Stored) -> RuleOverride:
    """Let hold again what held before a change; a value that was never set before is withdrawn.

    That is a change too. The caller holds the overrides and commits.

    Raises:
        OverrideRefused: it was changed again since.
    """
    _check_latest(area, rules, row)
    earlier = [other for other in own_rows(area, rules, row.key) if other.series == row.series]
    before = earlier[-2] if len(earlier) > 1 else None
    if before is None:
        undone = _again(area, rules, row, withdrawn=True)
    else:
        undone = _again(area, rules, before, withdrawn=before.withdrawn, valid_to=before.valid_to)
    _note("rules.undone", area, rules, undone, value=undone.value)
    return undone


def own_rows(area: AreaCode, rules: Rules, key: str) -> list[Stored]:
    """All that the area itself has ever decided on a value, in the order in which it was written."""
    return [row for row in seen((rules.plugin, rules.part)) if row.area_id == area.id and row.key == key]


def find_row(area: AreaCode, rules: Rules, key: str, row_id: UUID) -> Stored | None:
    return next((row for row in own_rows(area, rules, key) if row.id == row_id), None)


def latest_of(rows: Sequence[Stored]) -> dict[tuple, Stored]:
    """Of each series its latest row, by the series."""
    return {row.series: row for row in rows}


def _check_latest(area: AreaCode, rules: Rules, row: Stored) -> None:
    if latest_of(own_rows(area, rules, row.key)).get(row.series) is not row:
        raise OverrideRefused("", _("Nilai ini sudah diubah lagi sesudahnya."))


def _check_days(first: date, last: date | None) -> None:
    if not 2000 <= first.year <= 2100:
        raise OverrideRefused("valid_from", _("Periksa tahunnya."))
    if last is not None and last < first:
        raise OverrideRefused("valid_to", _("Hari terakhir tidak dapat sebelum hari pertama."))


def _again(
    area: AreaCode, rules: Rules, row: Stored, *, valid_to: date | None = None, withdrawn: bool = False
) -> RuleOverride:
    value = from_json(row.value, declared_value(rules, row.key))
    content = NewOverride(value, row.valid_from, valid_to, row.source, row.certainty)
    return _write(area, rules, row.key, content, withdrawn=withdrawn)


def _write(area: AreaCode, rules: Rules, key: str, content: NewOverride, *, withdrawn: bool = False) -> RuleOverride:
    actor = current_actor.get()
    row = RuleOverride(
        area_id=area.id,
        area_hi=area.hi,
        plugin=rules.plugin,
        part=rules.part,
        key=key,
        value=as_json(content.value),
        valid_from=content.valid_from,
        valid_to=content.valid_to,
        source=content.source.strip(),
        certainty=content.certainty,
        withdrawn=withdrawn,
        user_id=actor.user_id,
        user_name=actor.name,
    )
    db.session.add(row)
    db.session.flush()
    forget()
    return row


def _note(action: str, area: AreaCode, rules: Rules, row: RuleOverride, **detail: object) -> None:
    record(action, "rule_override", row.id, area=str(area), plugin=rules.plugin, part=rules.part, key=row.key, **detail)
