"""Villages one by one: which are not there yet, adding them, their ticket prefix, suspending and resuming them.

Adding goes the way of a district's file (`plan`, `apply`): a page and the command line do the same thing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from core.areas.code import AreaCode, Level
from core.areas.current import CurrentArea
from core.areas.models import Area
from core.areas.modules import check_installed, origins
from core.audit import record
from core.cases.models import Case
from core.clock import now
from core.database.session import all_cases_open, db, scope
from core.enablement import Origin
from core.users.models import User

from .apply import Applied, provision
from .catalogue import CatalogueArea, find, ticket_prefixes, villages_in
from .manifest import TICKET, Manifest, ModuleChoice, StaffMember


class VillageError(Exception):
    """Something about a village that cannot be done; the message says what and what to do instead."""


@dataclass(frozen=True)
class NewVillages:
    """What is to be added. ``modules`` says on or off; what the areas above give anyway is not stored."""

    villages: tuple[CatalogueArea, ...]
    modules: Mapping[str, bool] = field(default_factory=dict)
    staff: tuple[StaffMember, ...] = ()
    tickets: Mapping[AreaCode, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kecamatan:
    """A kecamatan of the catalogue: its villages that are not there yet, of how many."""

    area: CatalogueArea
    missing: tuple[CatalogueArea, ...]
    total: int


def district_of(code: AreaCode) -> AreaCode:
    """The district in which an area lies. Raises: VillageError: it is wider than one."""
    found: AreaCode | None = code
    while found is not None and found.level > Level.DISTRICT:
        found = found.parent
    if found is None or found.level != Level.DISTRICT:
        raise VillageError(_("Wilayah %(code)s lebih luas daripada satu kabupaten.", code=str(code)))
    return found


def by_kecamatan(area: AreaCode) -> list[Kecamatan]:
    """Every kecamatan of an area with what could be added, from one query."""
    there = set(
        db.session.scalars(select(Area.id).where(Area.id.between(area.id, area.hi), Area.level == Level.VILLAGE))
    )
    groups: dict[AreaCode, list[CatalogueArea]] = {}
    for village in villages_in(area):
        if parent := village.code.parent:
            groups.setdefault(parent, []).append(village)
    return [
        Kecamatan(known, tuple(v for v in villages if v.code.id not in there), len(villages))
        for code, villages in groups.items()
        if (known := find(code))
    ]


def missing_villages(area: AreaCode) -> tuple[CatalogueArea, ...]:
    """Those of the catalogue that are not there yet: of a district, of a kecamatan, or the one village itself."""
    return tuple(village for group in by_kecamatan(area) for village in group.missing)


def proposed_tickets(villages: Sequence[CatalogueArea]) -> dict[AreaCode, str]:
    """The prefix that each new village would get."""
    if not villages:
        return {}
    wanted = [(village.code, village.name) for village in villages]
    return ticket_prefixes(wanted, taken_prefixes(district_of(villages[0].code)))


def taken_prefixes(district: AreaCode) -> dict[str, str]:
    """Prefix → code of the village that has it."""
    rows = db.session.execute(
        select(Area.ticket_prefix, Area.code).where(
            Area.id.between(district.id, district.hi), Area.ticket_prefix.is_not(None)
        )
    )
    return {prefix: code for prefix, code in rows if prefix}


def prefix_problem(prefix: str, code: AreaCode) -> str | None:
    """Why a village cannot have a prefix, or None."""
    if not TICKET.fullmatch(prefix):
        return _("Awalan tiket: 2–6 huruf besar atau angka, diawali huruf, misalnya CBD.")
    holder = taken_prefixes(district_of(code)).get(prefix)
    if holder and holder != str(code):
        return _("Awalan tiket %(prefix)s sudah dipakai desa %(code)s.", prefix=prefix, code=holder)
    return None


def inherited(area: AreaCode) -> dict[str, Origin]:
    """What an area has by the settings above it; for a village that is not there yet, what it would have."""
    return {name: origin for name, origin in origins(area).items() if origin.area_id != area.id}


def add_villages(wanted: NewVillages) -> Applied:
    """Add villages of one district with their modules and accounts, in one transaction, and commit.

    A village that is there already is not touched.

    Raises:
        VillageError: none is given, or they are of several districts.
        AccountError: a user name is not usable. UnknownModule: no such plugin is installed.
        ModulesDisagree: what would be on there does not agree.
    """
    districts = {district_of(village.code) for village in wanted.villages}
    district = find(districts.pop()) if len(districts) == 1 else None
    if district is None:
        raise VillageError(_("Pilih desa dari satu kabupaten."))
    for module in wanted.modules:
        check_installed(module)
    manifest = Manifest(
        source=None,
        district=district,
        villages=wanted.villages,
        modules=tuple(_deviations(wanted)),
        staff=wanted.staff,
        tickets=dict(wanted.tickets),
    )
    with scope(district.code):
        return provision(manifest)


def _deviations(wanted: NewVillages) -> Iterable[ModuleChoice]:
    above: dict[AreaCode, dict[str, Origin]] = {}
    for village in wanted.villages:
        parent = village.code.parent
        if parent is None:
            continue
        if parent not in above:
            above[parent] = origins(parent)
        for module, on in wanted.modules.items():
            given = above[parent].get(module)
            is_locked = given is not None and given.locked_by is not None
            if not is_locked and on != (given is not None and given.enabled):
                yield ModuleChoice(village.code, module, on)


def has_cases(village: AreaCode) -> bool:
    with all_cases_open():
        return db.session.scalar(select(Case.id).where(Case.village_id == village.id).limit(1)) is not None


def change_ticket(village: CurrentArea, prefix: str) -> None:
    """Give a village another prefix, as long as none is printed. In the village's scope; the caller commits.

    Raises: VillageError: there is a case already, or the prefix cannot be had.
    """
    # The counter of tickets is locked by whoever opens a case; the area's row is enough to change one after the other.
    db.session.execute(select(Area.id).where(Area.id == village.id).with_for_update())
    if has_cases(village.interval):
        raise VillageError(
            _("Desa ini sudah punya kasus; awalan tiketnya tercetak pada tanda terima dan tidak diganti.")
        )
    if problem := prefix_problem(prefix, village.interval):
        raise VillageError(problem)
    if prefix != village.ticket_prefix:
        db.session.execute(update(Area).where(Area.id == village.id).values(ticket_prefix=prefix))
        record("tenants.ticket_changed", "area", village.code, prefix=prefix)


def suspend(village: CurrentArea, reason: str) -> bool:
    """Close a village for writing and for the public; what is there stays and can be read. False when it is closed.

    In the village's scope; the caller commits.
    """
    return _set_suspended(village, reason, suspended=True)


def resume(village: CurrentArea, reason: str) -> bool:
    """Open it again. False when it is open."""
    return _set_suspended(village, reason, suspended=False)


def _set_suspended(village: CurrentArea, reason: str, *, suspended: bool) -> bool:
    if not village.is_village:
        raise VillageError(_("Hanya desa atau kelurahan yang dapat ditangguhkan."))
    if not reason.strip():
        raise VillageError(_("Tulis alasannya; ia tercatat di jejak audit."))
    changed = db.session.execute(
        update(Area)
        .where(Area.id == village.id, Area.suspended_at.is_(None) if suspended else Area.suspended_at.is_not(None))
        .values(suspended_at=now() if suspended else None)
        .returning(Area.id)
        .execution_options(synchronize_session=False)
    ).first()
    if changed:
        record("tenants.suspended" if suspended else "tenants.resumed", "area", village.code, reason=reason.strip())
    return changed is not None


def slug(name: str) -> str:
    """A village's name as it can stand in a user name: "cihideungilir"."""
    return "".join(letter for letter in name.lower() if "a" <= letter <= "z" or letter.isdecimal())[:30]


def free_usernames(village: CatalogueArea, starts: Sequence[str]) -> list[str]:
    """A user name for each start, "kades.cibadak", with the last digits of the code where another has it."""
    plain = {start: f"{start}.{slug(village.name)}" for start in starts}
    taken = set(
        db.session.scalars(select(func.lower(User.username)).where(func.lower(User.username).in_(plain.values())))
    )
    ending = str(village.code)[-4:]
    return [f"{name}.{ending}" if name in taken else name for name in plain.values()]
