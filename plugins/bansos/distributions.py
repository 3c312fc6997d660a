"""Distributions: announced, changed while open, closed with what goes back, opened again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select, tuple_

from core.api import PAGE_SIZE, CaseError, Page, Text, current_row, db, gettext, now, paged, read_keys, record
from core.api import lazy_gettext as _

from .goods import Item
from .models import AidDistribution, AidHandover, AidRecipient

SOURCES: Mapping[str, Text] = {
    "kemensos": _("Kementerian Sosial"),
    "bapanas": _("Cadangan pangan pemerintah (Bulog)"),
    "province": _("Pemerintah provinsi"),
    "district": _("Pemerintah kabupaten"),
    "village": _("Pemerintah desa"),
    "baznas": _("Baznas atau lembaga zakat"),
    "company": _("Perusahaan"),
    "donor": _("Donatur atau organisasi"),
    "other": _("Lainnya"),
}
SHOWN = ("open", "closed")


@dataclass(frozen=True)
class DistributionInput:
    """``amount`` is rupiah; None where only goods are given."""

    title: str
    source: str
    period: str
    items: Sequence[Item]
    amount: int | None
    place: str
    first_day: date
    last_day: date
    answers_for: str


@dataclass(frozen=True)
class Tally:
    """Recipients who count (not struck off), those of them who have fetched, and those struck off."""

    people: int = 0
    fetched: int = 0
    struck: int = 0

    @property
    def waiting(self) -> int:
        return self.people - self.fetched


# ---- finding ----


def find_distribution(village_id: int, distribution_id: UUID) -> AidDistribution | None:
    return db.session.scalar(
        select(AidDistribution).where(AidDistribution.village_id == village_id, AidDistribution.id == distribution_id)
    )


def distribution_called(village_id: int, reference: str) -> AidDistribution | None:
    """By ``2026/3``; None for what is no such reference, or of no distribution."""
    year, _slash, number = reference.partition("/")
    if not (year.isascii() and year.isdigit() and number.isascii() and number.isdigit() and len(reference) < 12):
        return None
    return db.session.scalar(
        select(AidDistribution).where(
            AidDistribution.village_id == village_id,
            AidDistribution.year == int(year),
            AidDistribution.number == int(number),
        )
    )


def page_of(village_id: int, show: str, cursor: str | None) -> Page[AidDistribution]:
    """Open or closed ones, the latest first."""
    closed = AidDistribution.closed_at.is_(None) if show == "open" else AidDistribution.closed_at.is_not(None)
    query = select(AidDistribution).where(AidDistribution.village_id == village_id, closed)
    key = (AidDistribution.first_day, AidDistribution.id)
    if after := read_keys(cursor, date.fromisoformat, UUID):
        query = query.where(tuple_(*key) < tuple_(*after))
    rows = db.session.scalars(query.order_by(*(column.desc() for column in key)).limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda row: (row.first_day, row.id), cursor)


def tallies(village_id: int, ids: Sequence[UUID]) -> Mapping[UUID, Tally]:
    """Of several distributions, in one query."""
    counts = (
        AidRecipient.struck_on.is_(None),
        AidRecipient.struck_on.is_(None) & AidRecipient.fetched,
        AidRecipient.struck_on.is_not(None),
    )
    rows = db.session.execute(
        select(AidRecipient.distribution_id, *(func.sum(case((what, 1), else_=0)) for what in counts))
        .where(AidRecipient.village_id == village_id, AidRecipient.distribution_id.in_(ids))
        .group_by(AidRecipient.distribution_id)
    )
    found = {row[0]: Tally(*map(int, row[1:])) for row in rows}
    return {key: found.get(key, Tally()) for key in ids}


def tally_of(distribution: AidDistribution) -> Tally:
    return tallies(distribution.village_id, [distribution.id])[distribution.id]


@dataclass(frozen=True)
class Waiting:
    """An open distribution that somebody has not fetched from yet."""

    distribution: AidDistribution
    waiting: int


PLACES = (
    select(AidDistribution, AidRecipient, AidHandover)
    .join(
        AidRecipient,
        (AidRecipient.village_id == AidDistribution.village_id) & (AidRecipient.distribution_id == AidDistribution.id),
    )
    .outerjoin(
        AidHandover,
        (AidHandover.village_id == AidRecipient.village_id)
        & (AidHandover.recipient_id == AidRecipient.id)
        & AidHandover.undone_at.is_(None),
    )
)
"""Residents' places on lists, each with its distribution and the handover that holds, if any."""


def waiting_in(village_id: int, *, limit: int = 5) -> list[Waiting]:
    """The first to end first; one query."""
    rows = db.session.execute(
        _waiting(village_id, AidDistribution, func.count())
        .group_by(AidDistribution.village_id, AidDistribution.id)
        .order_by(AidDistribution.last_day, AidDistribution.id)
        .limit(limit)
    )
    return [Waiting(*row) for row in rows]


def count_waiting(village_id: int) -> int:
    """Of all open distributions together."""
    return db.session.scalar(_waiting(village_id, func.count())) or 0


def _waiting(village_id: int, *columns: Any) -> Select:
    return (
        select(*columns)
        .select_from(AidDistribution)
        .join(
            AidRecipient,
            (AidRecipient.village_id == AidDistribution.village_id)
            & (AidRecipient.distribution_id == AidDistribution.id),
        )
        .where(
            AidDistribution.village_id == village_id,
            AidDistribution.closed_at.is_(None),
            AidRecipient.fetched.is_(False),
            AidRecipient.struck_on.is_(None),
        )
    )


# ---- doing; the caller commits ----


def current(village_id: int, distribution_id: UUID, version: int | None = None) -> AidDistribution:
    """Held for a change of it or of its list; with ``version``, as the clerk's page showed it.

    Raises:
        Stale: somebody else has changed it since.
        CaseError: it is closed, or gone.
    """
    found = held(village_id, distribution_id, version)
    if not found.is_open:
        raise CaseError(closed_already())
    return found


def closed_already() -> str:
    return gettext("Penyaluran ini sudah ditutup. Buka kembali dulu untuk mengubahnya.")


def held(village_id: int, distribution_id: UUID, version: int | None = None) -> AidDistribution:
    """As :func:`current`, closed ones too."""
    if version is None:
        found = db.session.scalar(
            select(AidDistribution)
            .where(AidDistribution.village_id == village_id, AidDistribution.id == distribution_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    else:
        found = current_row(AidDistribution, village_id, distribution_id, version)
    if found is None:
        raise CaseError(gettext("Penyaluran ini sudah dibuang."))
    return found


def announce(village_id: int, data: DistributionInput) -> AidDistribution:
    """A new one with the next number of its year."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"bansos {village_id}", 0))))
    year = data.first_day.year
    mine = (AidDistribution.village_id == village_id, AidDistribution.year == year)
    number = (db.session.scalar(select(func.max(AidDistribution.number)).where(*mine)) or 0) + 1
    made = AidDistribution(village_id=village_id, year=year, number=number, **_columns(data))
    db.session.add(made)
    db.session.flush()
    record("bansos.announced", "distribution", made.id, title=made.title, reference=made.reference)
    return made


def change(distribution: AidDistribution, data: DistributionInput) -> None:
    """The number stays, also when it moves into another year.

    Raises:
        CaseError: what each gets would be another thing than what some have fetched.
    """
    columns = _columns(data)
    other_goods = (distribution.items, distribution.amount) != (columns["items"], columns["amount"])
    if other_goods and tally_of(distribution).fetched:
        raise CaseError(gettext("Isi bantuan tidak dapat diubah lagi: sudah ada yang mengambil."))
    for name, value in columns.items():
        setattr(distribution, name, value)
    record("bansos.changed", "distribution", distribution.id, reference=distribution.reference)


def discard(distribution: AidDistribution) -> None:
    """One that was announced by mistake. Raises: CaseError: somebody is on its list."""
    if (count := tally_of(distribution)).people + count.struck:
        raise CaseError(gettext("Penyaluran ini sudah punya daftar penerima. Tutup saja, jangan dibuang."))
    record("bansos.discarded", "distribution", distribution.id, reference=distribution.reference)
    db.session.delete(distribution)


def close(
    distribution: AidDistribution, returned_to: str, note: str, by: UUID | None, at: datetime | None = None
) -> None:
    """Nothing is handed over any more. Raises: CaseError: something is left, and nobody is named who takes it back."""
    waiting = tally_of(distribution).waiting
    if waiting and not returned_to:
        raise CaseError(gettext("%(n)s orang belum mengambil. Tulis kepada siapa sisanya dikembalikan.", n=waiting))
    distribution.closed_at, distribution.closed_by = at or now(), by
    distribution.returned_to, distribution.closing_note = returned_to, note
    record("bansos.closed", "distribution", distribution.id, reference=distribution.reference, waiting=waiting)


def reopen(distribution: AidDistribution, reason: str) -> None:
    """Raises: CaseError: it is open."""
    if distribution.is_open:
        raise CaseError(gettext("Penyaluran ini masih terbuka."))
    distribution.closed_at = distribution.closed_by = None
    distribution.closing_note = reason
    record("bansos.reopened", "distribution", distribution.id, reference=distribution.reference)


def left_over(distribution: AidDistribution, tally: Tally) -> tuple[list[Item], int]:
    """What nobody has fetched: goods, and rupiah."""
    goods = [item.times(tally.waiting) for item in distribution.goods] if tally.waiting else []
    return goods, (distribution.amount or 0) * tally.waiting


def input_of(distribution: AidDistribution) -> DistributionInput:
    """As its form shows it."""
    names = ("title", "source", "period", "amount", "place", "first_day", "last_day", "answers_for")
    return DistributionInput(items=distribution.goods, **{name: getattr(distribution, name) for name in names})


def again(distribution: AidDistribution, today: date) -> DistributionInput:
    """The next one of the same aid, to begin with."""
    return replace(input_of(distribution), period="", first_day=today, last_day=today)


def _columns(data: DistributionInput) -> dict:
    return {**vars(data), "items": [item.store() for item in data.items]}
