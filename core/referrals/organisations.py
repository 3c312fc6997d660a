"""The registry of organisations that can be referred to.

The offices of the levels above a village (the kecamatan, the Dinas Sosial) need no registration: the row of one is made
when the first referral goes there, and whoever has the role in that area answers for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from core.areas.code import AreaCode, Level
from core.areas.current import CurrentArea
from core.areas.models import Area
from core.audit import record
from core.cases.workflow import Text
from core.database.session import db
from core.database.uuid7 import uuid7
from core.texts import lazy_gettext

from .errors import ReferralError
from .models import Organisation
from .terms import SECTORS

KINDS: Mapping[str, Text] = {
    "government": lazy_gettext("Pemerintah"),
    "non_government": lazy_gettext("Bukan pemerintah"),
    "community": lazy_gettext("Masyarakat"),
}


@dataclass(frozen=True)
class Office:
    """A level above the village, and the role whose holders answer for it."""

    sector: str
    level: Level
    role: str

    def title(self, area: Area) -> str:
        return area.title if self.sector == "kecamatan" else _("Dinas Sosial %(district)s", district=area.title)


OFFICES = (
    Office("kecamatan", Level.KECAMATAN, "kecamatan_supervisor"),
    Office("dinsos", Level.DISTRICT, "district_officer"),
)


@dataclass(frozen=True)
class Addressee:
    """A choice of the form. ``key`` is the organisation's id, or the sector of an office that has no row yet."""

    key: str
    title: str
    sector: str


@dataclass(frozen=True)
class OrganisationInput:
    name: str
    kind: str
    sector: str
    phone: str = ""
    active: bool = True


def addressees(village: AreaCode) -> list[Addressee]:
    """Whom a village can refer to: the levels above it, then the organisations that serve it, by sector and name."""
    areas = _areas_above(village)
    known = db.session.scalars(
        select(Organisation)
        .where(Organisation.area_id.in_([area.id for area in areas]))
        .order_by(func.lower(Organisation.name))
    ).all()
    found = [Addressee(str(item.id), item.name, item.sector) for item in known if item.active]
    taken = {(item.sector, item.area_id) for item in known}
    for office in OFFICES:
        for area in areas:
            if area.level == office.level and (office.sector, area.id) not in taken:
                found.append(Addressee(office.sector, office.title(area), office.sector))
    order = list(SECTORS)
    return sorted(found, key=lambda addressee: order.index(addressee.sector))


def find_addressee(village: AreaCode, key: str) -> Organisation | None:
    """The organisation behind a choice of the form (an office gets its row now); None if it does not serve here."""
    if key in SECTORS:
        return _office(village, key)
    try:
        wanted = UUID(key)
    except ValueError:
        return None
    areas = [area.id for area in _areas_above(village)]
    return db.session.scalar(
        select(Organisation).where(Organisation.id == wanted, Organisation.area_id.in_(areas), Organisation.active)
    )


def _office(village: AreaCode, sector: str) -> Organisation | None:
    for office in OFFICES:
        for area in _areas_above(village):
            if office.sector == sector and office.level == area.level:
                values = {"area_id": area.id, "name": office.title(area), "kind": "government", "sector": sector}
                # Two villages may need the same office in the same moment.
                db.session.execute(insert(Organisation).values(id=uuid7(), **values).on_conflict_do_nothing())
                return db.session.scalar(
                    select(Organisation).where(
                        Organisation.area_id == area.id, Organisation.sector == sector, Organisation.active
                    )
                )
    return None


def _areas_above(village: AreaCode) -> Sequence[Area]:
    """The village and the areas that contain it, as far as they are provisioned."""
    ids: list[int] = []
    here: AreaCode | None = village
    while here is not None:
        ids.append(here.id)
        here = here.parent
    return db.session.scalars(select(Area).where(Area.id.in_(ids))).all()


def organisations_of(area: CurrentArea, search: str = "") -> Sequence[tuple[Organisation, Area]]:
    """The registry of an area: the organisations that serve it or an area in it, by name, each with its area."""
    query = (
        select(Organisation, Area)
        .join(Area, Area.id == Organisation.area_id)
        .where(Organisation.area_id.between(area.id, area.hi))
        .order_by(Organisation.active.desc(), func.lower(Organisation.name), Organisation.id)
    )
    if search:
        query = query.where(func.strpos(func.lower(Organisation.name), search.lower()) > 0)
    return [(organisation, place) for organisation, place in db.session.execute(query)]


def find_organisation(area: CurrentArea, organisation_id: UUID) -> Organisation | None:
    return db.session.scalar(
        select(Organisation).where(Organisation.id == organisation_id, Organisation.area_id.between(area.id, area.hi))
    )


def register(area_id: int, data: OrganisationInput) -> Organisation:
    """Raises: ReferralError: the area has one of this name, or already has its office."""
    organisation = Organisation(area_id=area_id, **vars(data))
    db.session.add(organisation)
    _flush(data)
    record("organisations.registered", "organisation", organisation.id, name=data.name)
    return organisation


def change(organisation: Organisation, data: OrganisationInput) -> None:
    """Raises: as :func:`register`."""
    changed = sorted(name for name, value in vars(data).items() if getattr(organisation, name) != value)
    for name in changed:
        setattr(organisation, name, getattr(data, name))
    _flush(data)
    if changed:
        record("organisations.changed", "organisation", organisation.id, fields=changed)


def _flush(data: OrganisationInput) -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        if "uq_organisations_office" in str(error.orig):
            text = _("Wilayah ini sudah punya %(sector)s. Ubah yang sudah ada.", sector=SECTORS[data.sector])
            raise ReferralError(text, "sector") from error
        if "uq_organisations_name" in str(error.orig):
            raise ReferralError(_("Sudah ada lembaga bernama %(name)s di sini.", name=data.name), "name") from error
        raise
