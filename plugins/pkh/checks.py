"""Commitments: what each member owes a month, what was verified, and what a stage comes to. The caller commits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select

from core.api import CaseError, Rule, Text, db, gettext, month_name, now, record
from core.api import lazy_gettext as _

from .families import touch
from .models import Check, KpmFamily, Member
from .rulebook import Month, Stage, rules

Status = Literal["met", "unmet", "excused", "due", "later", "none"]

KINDS: Mapping[str, Text] = {
    "visits": _("Kunjungan ke Posyandu atau bidan"),
    "attendance": _("Kehadiran di sekolah (%)"),
    "care": _("Kunjungan atau layanan perawatan"),
}
STATUS: Mapping[str, Text] = {
    "met": _("terpenuhi"),
    "unmet": _("tidak terpenuhi"),
    "excused": _("berhalangan"),
    "due": _("belum diverifikasi"),
    "later": _("nanti"),
    "none": _("tidak dihitung"),
}


@dataclass(frozen=True)
class Cell:
    """One member's month: how it stands, with what was written down (None: nothing)."""

    month: Month
    status: Status
    check: Check | None = None


@dataclass(frozen=True)
class Line:
    """A member's stage: the months, and ``verdict`` over all of them (None: not known yet)."""

    member: Member
    cells: Sequence[Cell]
    verdict: bool | None


@dataclass(frozen=True)
class Entry:
    """What was verified of one member and month; ``value`` None and not excused: nothing."""

    value: int | None
    excused: bool = False
    note: str = ""

    @property
    def blank(self) -> bool:
        return self.value is None and not self.excused


# ---- judging ----


def terms_of(component: str, rule: Rule | None) -> Mapping | None:
    """What a component owes: ``kind``, ``least``, ``each`` (month or stage); None where the rule knows no such one."""
    return rule.check.get(component) if rule else None


def is_met(terms: Mapping, value: int) -> bool:
    return value >= terms["least"]


def cell_of(member: Member, month: Month, check: Check | None, today: date) -> Cell:
    """A month that has ended is due where the component owes something each month."""
    terms = terms_of(member.component, rules.get(month.first_day))
    if terms is None or not member.holds(month.first_day, month.last_day):
        return Cell(month, "none", check)
    if check is not None and check.excused:
        return Cell(month, "excused", check)
    if check is not None:
        return Cell(month, "met" if is_met(terms, check.value or 0) else "unmet", check)
    return Cell(month, "due" if terms["each"] == "month" and month.last_day < today else "later")


def line_of(member: Member, stage: Stage, checks: Mapping[Month, Check], today: date) -> Line:
    cells = [cell_of(member, month, checks.get(month), today) for month in stage.months]
    terms = terms_of(member.component, stage.rule)
    return Line(member, cells, _verdict(cells, terms, over=stage.last_day < today) if terms else None)


def _verdict(cells: Sequence[Cell], terms: Mapping, *, over: bool) -> bool | None:
    """Each month counts, or one in the stage is enough; who was excused all the time kept to it."""
    said = [cell.status for cell in cells]
    if terms["each"] == "stage":
        if "met" in said or "excused" in said:
            return True
        return False if "unmet" in said and over else None
    if "unmet" in said:
        return False
    return None if "due" in said or "later" in said or not {"met", "excused"} & set(said) else True


# ---- finding ----


def checks_in(village_id: int, member_ids: Iterable[UUID], year: int) -> dict[UUID, dict[Month, Check]]:
    """A year's verifications by member and month, in one query."""
    found: dict[UUID, dict[Month, Check]] = {}
    rows = db.session.scalars(
        select(Check).where(Check.village_id == village_id, Check.member_id.in_(list(member_ids)), Check.year == year)
    )
    for check in rows:
        found.setdefault(check.member_id, {})[Month(check.year, check.month)] = check
    return found


def lines_in(
    members: Sequence[Member], stage: Stage, checks: Mapping[UUID, Mapping[Month, Check]], today: date
) -> list[Line]:
    """Those who owe something in a stage, or of whom something was written down."""
    lines = [line_of(member, stage, checks.get(member.id, {}), today) for member in members]
    return [line for line in lines if any(cell.status != "none" or cell.check for cell in line.cells)]


def owing_in(members: Sequence[Member], month: Month) -> list[Member]:
    """Those who can be verified for a month."""
    rule = rules.get(month.first_day)
    return [m for m in members if terms_of(m.component, rule) and m.holds(month.first_day, month.last_day)]


def unchecked(month: Month) -> ColumnElement[bool]:
    """Of a member who owes something each month: nothing was written down about this one."""
    rule = rules.get(month.first_day)
    monthly = [key for key, terms in rule.check.items() if terms["each"] == "month"] if rule else []
    return and_(
        Member.component.in_(monthly),
        Member.since <= month.last_day,
        or_(Member.until.is_(None), Member.until >= month.first_day),
        ~exists().where(
            Check.village_id == Member.village_id,
            Check.member_id == Member.id,
            Check.year == month.year,
            Check.month == month.number,
        ),
    )


def count_unchecked(village_id: int, month: Month) -> int:
    """How many members of families on the list are to be verified for a month yet."""
    query = (
        select(func.count())
        .select_from(Member)
        .join(KpmFamily, (KpmFamily.village_id == Member.village_id) & (KpmFamily.id == Member.family_id))
        .where(Member.village_id == village_id, KpmFamily.state == "active", unchecked(month))
    )
    return db.session.scalar(query) or 0


# ---- doing ----


def write_month(
    family: KpmFamily,
    members: Sequence[Member],
    month: Month,
    entries: Mapping[UUID, Entry],
    *,
    by: UUID | None,
    today: date,
) -> int:
    """What was verified of a family's members in one month, by the member's id; how many changed. Blank takes it back.

    Raises:
        CaseError: the month has not begun, somebody does not owe anything in it, or an excuse has no reason.
    """
    if month > Month.of(today):
        raise CaseError(not_yet(month))
    owing = {member.id: member for member in owing_in(members, month)}
    there = checks_in(family.village_id, owing, month.year)
    changed = 0
    for member_id, entry in entries.items():
        member = owing.get(member_id)
        if member is None:
            raise CaseError(gettext("Komponen ini tidak dihitung pada bulan itu."))
        _refuse_impossible(member, entry, month)
        changed += _write(member, month, there.get(member_id, {}).get(month), entry, by)
    if changed:
        touch(family)
        record("pkh.month_checked", "pkh_family", family.id, month=str(month), members=changed)
    return changed


def not_yet(month: Month) -> str:
    return gettext("%(month)s %(year)s belum tiba.", month=month_name(month.number), year=month.year)


def most_of(terms: Mapping, month: Month) -> int:
    """The highest that can be written: percent, or once a day."""
    return 100 if terms["kind"] == "attendance" else month.last_day.day


def _refuse_impossible(member: Member, entry: Entry, month: Month) -> None:
    terms = terms_of(member.component, rules.get(month.first_day))
    most = most_of(terms, month) if terms else 0
    name = member.person.name
    if entry.value is not None and not 0 <= entry.value <= most:
        raise CaseError(gettext("%(name)s: isi angka 0 sampai %(most)s.", name=name, most=most))
    if entry.excused and not entry.note.strip():
        raise CaseError(gettext("%(name)s: tulis mengapa berhalangan.", name=name))


def _write(member: Member, month: Month, check: Check | None, entry: Entry, by: UUID | None) -> bool:
    if check is not None and entry.blank:
        db.session.execute(delete(Check).where(Check.village_id == check.village_id, Check.id == check.id))
        return True
    if entry.blank or (check and (check.value, check.excused, check.note) == (entry.value, entry.excused, entry.note)):
        return False
    check = check or Check(village_id=member.village_id, member_id=member.id, year=month.year, month=month.number)
    check.value, check.excused, check.note = entry.value, entry.excused, entry.note
    check.checked_by, check.checked_at = by, now()
    db.session.add(check)
    return True
