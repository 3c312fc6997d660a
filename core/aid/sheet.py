"""The aid of all families of a village as a sheet: a row for each thing that somebody gets."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import xlsxwriter
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from core.areas.current import CurrentArea
from core.clock import today
from core.database.session import db
from core.exports import Export, OnProgress, export_kind, request_export
from core.people.identity import mask_nik
from core.people.models import Household, Person
from core.texts import lazy_gettext

from .gathering import gather_aid
from .received import STATES, AidReceived

KIND = "aid"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE = 200
"""Residents of whom the modules are asked together."""


def request_aid_sheet(area: CurrentArea, permissions: Collection[str]) -> Export:
    """Have the sheet made of what the person who asks may see. The caller commits."""
    options = {"permissions": sorted(permissions)}
    return request_export(area, KIND, f"bantuan-{area.code}-{today(area.timezone).isoformat()}.xlsx", options)


@export_kind(KIND, lazy_gettext("Bantuan yang diterima keluarga"), SHEET)
def write_export(area: CurrentArea, path: Path, options: Mapping[str, Any], tell: OnProgress) -> None:
    write_aid_sheet(area, path, frozenset(options["permissions"]), tell)


def write_aid_sheet(area: CurrentArea, path: Path, permissions: Collection[str], tell: OnProgress) -> int:
    """Written row by row to disk; a text is never run as a formula. Returns how many rows it has.

    Modules that could not say stand below the table, so that nobody takes a gap for nothing.
    """
    headers = (
        _("RT"), _("RW"), _("No. KK"), _("Nama"), _("NIK"), _("Untuk"), _("Bantuan"), _("Keadaan"),
        _("Jumlah (rupiah)"), _("Barang atau layanan"), _("Sejak"), _("Sampai"), _("Sumber"), _("Dicatat"),
    )  # fmt: skip
    total = db.session.scalar(select(func.count()).select_from(Person).where(Person.village_id == area.id)) or 0
    failed: set[str] = set()
    row = done = 0
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet(_("Bantuan"))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(headers) - 1, 18, book.add_format({"num_format": "@"}))
        days, money, bold = (
            book.add_format(style) for style in ({"num_format": "yyyy-mm-dd"}, {"num_format": "#,##0"}, {"bold": True})
        )
        for place, header in enumerate(headers):
            sheet.write_string(0, place, header, bold)
        for people in families_at_once(area.id):
            aid = gather_aid(area, {p.id for p in people}, households_of(people), permissions)
            failed.update(aid.failed)
            for person, each in _by_person(people, aid.found):
                row += 1
                for place, cell in enumerate(_cells(person, each, area.timezone)):
                    if isinstance(cell, date):
                        moment = datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - a day of a sheet
                        sheet.write_datetime(row, place, moment, days)
                    elif isinstance(cell, int):
                        sheet.write_number(row, place, cell, money)
                    elif cell:
                        sheet.write_string(row, place, cell)
            done += len(people)
            tell(done, max(total, done))
            db.session.expunge_all()
        for number, title in enumerate(sorted(failed), start=row + 2):
            sheet.write_string(number, 0, _("Modul %(name)s tidak dapat menjawab.", name=title))
    return row


def families_at_once(village_id: int) -> Iterator[Sequence[Person]]:
    """Everybody with the household, family by family, about ``AT_ONCE`` at a time and no family in two pieces."""
    after: UUID | None = None
    while True:
        homes = select(Household.id).where(Household.village_id == village_id).order_by(Household.id)
        homes = homes.limit(AT_ONCE // 4)
        ids = db.session.scalars(homes.where(Household.id > after) if after else homes).all()
        if not ids:
            break
        after = ids[-1]
        yield _loaded(village_id, Person.household_id.in_(ids))
    last: UUID | None = None
    while True:
        alone = _loaded(village_id, Person.household_id.is_(None), *([Person.id > last] if last else []), most=AT_ONCE)
        if not alone:
            return
        last = alone[-1].id
        yield alone


def _loaded(village_id: int, *where: Any, most: int | None = None) -> Sequence[Person]:
    query = (
        select(Person)
        .outerjoin(Household, (Household.village_id == Person.village_id) & (Household.id == Person.household_id))
        .options(contains_eager(Person.household))
        .where(Person.village_id == village_id, *where)
        .order_by(Person.household_id, Person.id)
        .limit(most)
    )
    return db.session.scalars(query).all()


def households_of(people: Sequence[Person]) -> set[UUID]:
    return {person.household_id for person in people if person.household_id}


def _by_person(people: Sequence[Person], found: Sequence[AidReceived]) -> Iterator[tuple[Person, AidReceived]]:
    """Each thing once: at the member whose it is, else at the household's head."""
    by_id = {person.id: person for person in people}
    heads: dict[UUID, Person] = {}
    for person in people:
        if person.household_id and (person.family_role == "head" or person.household_id not in heads):
            heads[person.household_id] = person
    order = {person.id: place for place, person in enumerate(people)}
    placed: list[tuple[Person, AidReceived]] = []
    for aid in found:
        whose = by_id.get(aid.person_id) if aid.person_id else None
        whose = whose or (heads.get(aid.household_id) if aid.household_id else None)
        if whose is not None:
            placed.append((whose, aid))
    yield from sorted(placed, key=lambda pair: order[pair[0].id])


def _cells(person: Person, aid: AidReceived, timezone: str) -> tuple[str | int | date | None, ...]:
    home = person.household
    return (
        home.rt if home else "",
        home.rw if home else "",
        mask_nik(home.kk_number) if home and home.kk_number else "",
        person.name,
        mask_nik(person.nik) if person.nik else "",
        _("satu orang") if aid.person_id else _("keluarga"),
        str(aid.title),
        str(STATES[aid.state]),
        aid.amount,
        str(aid.goods),
        aid.first_day,
        aid.last_day,
        str(aid.source),
        aid.recorded_at.astimezone(ZoneInfo(timezone)).date() if aid.recorded_at else None,
    )
