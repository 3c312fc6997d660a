"""Houses that are repaired: begun when the decree is there, followed stage by stage, handed back to the family."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from core.api import (
    PAGE_SIZE,
    Answer,
    Area,
    Case,
    CaseError,
    Page,
    Person,
    Stale,
    area_today,
    check_nik,
    current_row,
    db,
    gettext,
    in_indonesian,
    keep_photo,
    now,
    paged,
    read_keys,
    record,
    take_step,
    today,
)

from .models import RtlhStage, RtlhWork
from .rulebook import KINDS, aid_rules, desk_rules
from .services import GRANTED, repair

SHOWN = ("open", "done")
DONE = 100
MOST = 25


@dataclass(frozen=True)
class WorkInput:
    """``budget`` is rupiah by kind."""

    source: str
    decree: str
    begun_on: date
    builder: str
    budget: Mapping[str, int]


@dataclass(frozen=True)
class StageInput:
    """``photo`` is a stream, read once."""

    percent: int
    seen_on: date
    note: str
    photo: BinaryIO


# ---- finding ----


def find_work(village_id: int, work_id: UUID) -> RtlhWork | None:
    """With the resident, the household and the case, in one query."""
    return db.session.scalar(
        select(RtlhWork)
        .where(RtlhWork.village_id == village_id, RtlhWork.id == work_id)
        .options(joinedload(RtlhWork.person).joinedload(Person.household), joinedload(RtlhWork.case))
        .execution_options(populate_existing=True)
    )


def page_of(village_id: int, show: str, cursor: str | None) -> Page[RtlhWork]:
    """Open or handed over, the latest first."""
    handed = RtlhWork.handed_on.is_(None) if show == "open" else RtlhWork.handed_on.is_not(None)
    query = select(RtlhWork).where(RtlhWork.village_id == village_id, handed)
    if after := read_keys(cursor, UUID):
        query = query.where(RtlhWork.id < after[0])
    person = joinedload(RtlhWork.person).joinedload(Person.household)
    rows = db.session.scalars(query.options(person).order_by(RtlhWork.id.desc()).limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda row: (row.id,), cursor)


# For core's pages, put together once: building a statement takes longer than running it.
_WAITING = (
    select(Case)
    .outerjoin(RtlhWork, (RtlhWork.village_id == Case.village_id) & (RtlhWork.case_id == Case.id))
    .where(
        Case.village_id == bindparam("village_id"),
        Case.service == repair.name,
        Case.state.in_(GRANTED),
        RtlhWork.id.is_(None),
    )
    .options(joinedload(Case.person))
    .order_by(Case.id)
    .limit(MOST)
)
_AIDED = (
    select(RtlhWork)
    .where(
        RtlhWork.village_id == bindparam("village_id"),
        # Without a household the second is never true.
        or_(
            RtlhWork.person_id == bindparam("person_id"),
            RtlhWork.household_id == bindparam("household_id", type_=Uuid),
        ),
    )
    .options(joinedload(RtlhWork.person))
    .order_by(RtlhWork.begun_on.desc(), RtlhWork.id.desc())
    .limit(10)
)


def waiting_cases(village_id: int) -> Sequence[Case]:
    """Granted cases of which the works are not followed yet, the oldest first; one query."""
    return db.session.scalars(_WAITING, {"village_id": village_id}).all()


def aided(person: Person) -> Sequence[RtlhWork]:
    """What this resident's family got for a house, open ones too, the latest first; one query."""
    values = {"village_id": person.village_id, "person_id": person.id, "household_id": person.household_id}
    return db.session.scalars(_AIDED, values).all()


def work_of_case(case: Case) -> RtlhWork | None:
    return db.session.scalar(
        select(RtlhWork).where(RtlhWork.village_id == case.village_id, RtlhWork.case_id == case.id)
    )


def resident_with(village_id: int, nik: str) -> Person:
    """Raises: CaseError: no such NIK, or nobody in this village has it."""
    checked = check_nik(nik).value
    found = checked and db.session.scalar(
        select(Person).where(Person.village_id == village_id, Person.nik == checked, Person.life_status == "alive")
    )
    if not found:
        raise CaseError(gettext("Tidak ada warga desa ini dengan NIK itu. Periksa angkanya."))
    return found


def stages_of(work: RtlhWork) -> Sequence[RtlhStage]:
    """All of a house, those taken back too, in the order of the days."""
    return db.session.scalars(
        select(RtlhStage)
        .where(RtlhStage.village_id == work.village_id, RtlhStage.work_id == work.id)
        .order_by(RtlhStage.percent, RtlhStage.id)
        .execution_options(populate_existing=True)
    ).all()


def find_stage(village_id: int, stage_id: UUID) -> RtlhStage | None:
    return db.session.scalar(select(RtlhStage).where(RtlhStage.village_id == village_id, RtlhStage.id == stage_id))


def stages_left(work: RtlhWork, stages: Sequence[RtlhStage]) -> list[int]:
    """Percents that can be taken down next, by the rule of the day on which the works began."""
    reached = max((stage.percent for stage in stages if stage.undone_at is None), default=-1)
    rule = desk_rules.get(work.begun_on) or desk_rules.all[-1]
    return [percent for percent in rule.stages if percent > reached]


# ---- doing; the caller commits ----


def begin(area: Area, case: Case, data: WorkInput, permissions: frozenset[str]) -> RtlhWork:
    """Follow the works of a case that was granted; its case goes to "works", if it is not there.

    Raises:
        CaseError: not granted (yet), followed already, or the clerk may not move the case.
    """
    db.session.refresh(case, with_for_update=True)
    if case.service != repair.name or case.state not in GRANTED:
        raise CaseError(gettext("Pekerjaan dicatat setelah SK penerima terbit."))
    if work_of_case(case):
        raise CaseError(gettext("Pekerjaan rumah ini sudah dicatat."))
    if case.state != "works":
        with in_indonesian():
            note = gettext("Pekerjaan dimulai: %(source)s", source=data.source)
        take_step(area, case, repair, "works", permissions, Answer(note=note, on=data.begun_on))
    made = RtlhWork(
        village_id=area.id,
        case_id=case.id,
        person_id=case.person_id,
        household_id=case.person.household_id,
        **_columns(data),
    )
    db.session.add(made)
    db.session.flush()
    record("rtlh.begun", "work", made.id, ticket=case.ticket)
    return made


def note_earlier(person: Person, source: str, begun_on: date, handed_on: date | None, amount: int) -> RtlhWork:
    """A house without a case here: aided before, so that its family is not proposed again by oversight.

    Args:
        handed_on: None while it is still under repair; its works are then followed with the budget of the rules.
        amount: rupiah that were given for a house that is finished.
    """
    rule = aid_rules.get(begun_on) or aid_rules.all[0]
    budget = {"material": amount, "wages": 0, "operations": 0} if handed_on else rule.budget
    made = RtlhWork(
        village_id=person.village_id,
        person_id=person.id,
        household_id=person.household_id,
        source=source,
        begun_on=begun_on,
        progress=DONE if handed_on else 0,
        handed_on=handed_on,
        **{f"budget_{kind}": budget[kind] for kind in KINDS},
    )
    db.session.add(made)
    db.session.flush()
    record("rtlh.earlier_noted", "work", made.id)
    return made


def open_work(village_id: int, work_id: UUID, version: int | None = None) -> RtlhWork:
    """Held for a change of it, its stages or its receipts; with ``version``, as the clerk's page showed it.

    Raises:
        Stale: somebody else has changed it since.
        CaseError: it is handed over.
    """
    if version is None:
        found = db.session.scalar(
            select(RtlhWork).where(RtlhWork.village_id == village_id, RtlhWork.id == work_id).with_for_update()
        )
    else:
        found = current_row(RtlhWork, village_id, work_id, version)
    if found is None:
        raise Stale
    if not found.is_open:
        raise CaseError(gettext("Rumah ini sudah diserahterimakan. Catatannya tidak dapat diubah lagi."))
    return found


def change(work: RtlhWork, data: WorkInput) -> None:
    for name, value in _columns(data).items():
        setattr(work, name, value)
    record("rtlh.changed", "work", work.id)


def add_stage(area: Area, work: RtlhWork, data: StageInput, by: UUID | None) -> RtlhStage:
    """Raises: CaseError: not a stage that is left, or a day that has not come. FileRefused: the photo is none."""
    if data.percent not in stages_left(work, stages_of(work)):
        raise CaseError(gettext("Kemajuan %(n)s persen sudah dilewati atau tidak dikenal.", n=data.percent))
    if data.seen_on > today(area.timezone):
        raise CaseError(gettext("Tanggal ini belum tiba."))
    photo = keep_photo(area, data.photo)
    made = RtlhStage(
        village_id=area.id,
        work_id=work.id,
        percent=data.percent,
        seen_on=data.seen_on,
        note=data.note,
        sha256=photo.sha256,
        media_type=photo.media_type,
        created_by=by,
    )
    db.session.add(made)
    work.progress = data.percent
    db.session.flush()
    record("rtlh.stage_noted", "work", work.id, percent=data.percent)
    return made


def take_back(work: RtlhWork, stage_id: UUID, reason: str) -> None:
    """The last stage, which was noted by mistake. Raises: CaseError: a later one holds, or it was taken back."""
    stages = stages_of(work)
    holding = [stage for stage in stages if stage.undone_at is None]
    if not holding or holding[-1].id != stage_id:
        raise CaseError(gettext("Hanya kemajuan terakhir yang dapat dibatalkan."))
    holding[-1].undone_at, holding[-1].undone_reason = now(), reason
    work.progress = holding[-2].percent if len(holding) > 1 else 0
    record("rtlh.stage_undone", "work", work.id, percent=holding[-1].percent)


def hand_over(area: Area, work: RtlhWork, on: date, note: str, permissions: frozenset[str]) -> None:
    """The family has its house back; its case is then decided, and they are told.

    Raises:
        CaseError: the works are not finished, a day that has not come, or the case cannot take the step.
    """
    if work.progress != DONE:
        raise CaseError(gettext("Catat dulu kemajuan 100 persen dengan fotonya."))
    if on > today(area.timezone):
        raise CaseError(gettext("Tanggal ini belum tiba."))
    work.handed_on, work.handing_note = on, note
    record("rtlh.handed_over", "work", work.id)
    db.session.flush()
    if work.case and work.case.state in GRANTED:
        with in_indonesian():
            outcome = gettext("Rumah selesai diperbaiki dan diserahterimakan")
        take_step(area, work.case, repair, "approve", permissions, Answer(outcome=outcome, note=note, on=on))


@dataclass(frozen=True)
class Figures:
    """Of several villages or one: houses under repair, and those handed over this year."""

    open: int
    done: int


def figures(area: Area) -> Figures:
    """Of all villages of an area; one query."""
    first = area_today().replace(month=1, day=1)
    row = db.session.execute(
        select(
            func.count().filter(RtlhWork.handed_on.is_(None)), func.count().filter(RtlhWork.handed_on >= first)
        ).where(RtlhWork.village_id.between(area.interval.id, area.interval.hi))
    ).one()
    return Figures(*row)


def _columns(data: WorkInput) -> dict[str, object]:
    budget = {f"budget_{kind}": data.budget[kind] for kind in KINDS}
    return {
        "source": data.source,
        "decree": data.decree,
        "begun_on": data.begun_on,
        "builder": data.builder,
        **budget,
    }
