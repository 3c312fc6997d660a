"""What stands between a district's file and the database: added, changed, gone and unchanged, before anything is done.

What is gone from the file is only told. Areas carry data, people may have been appointed on the spot, and a village may
have switched a module by itself: none of that is an error of the file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from sqlalchemy import func, or_, select

from core.areas.code import AreaCode, Level
from core.areas.models import Area, ModuleSetting, title_of
from core.areas.modules import in_or_above, settings_where
from core.database.session import db
from core.enablement import Setting, effective_sets
from core.modules.agreement import Discord, Place, new_pairs
from core.users.models import Membership, User

from .catalogue import CatalogueArea, find, ticket_prefixes, timezone_of
from .manifest import Manifest, StaffMember

Key = TypeVar("Key")
Row = TypeVar("Row")


@dataclass(frozen=True)
class AreaRow:
    """An area as the database has it or should have it."""

    code: AreaCode
    name: str
    kind: str
    timezone: str
    postal_code: str | None = None
    ticket_prefix: str | None = None


@dataclass(frozen=True)
class Difference(Generic[Row]):
    """Rows to add, rows as they should become, rows that only the database has, and how many agree."""

    added: tuple[Row, ...]
    changed: tuple[Row, ...]
    gone: tuple[Row, ...]
    unchanged: int

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed)


@dataclass(frozen=True)
class Plan:
    """What `apply` would do.

    Attributes:
        accounts: those of ``staff.added`` who have no account yet.
        prune: settings that are gone from the file are removed too.
        notes: what the file asks for and will not get, and why.
        discords: villages that would newly have modules that do not agree; then nothing may be applied.
    """

    manifest: Manifest
    areas: Difference[AreaRow]
    settings: Difference[Setting]
    staff: Difference[StaffMember]
    accounts: tuple[StaffMember, ...]
    prune: bool = False
    notes: tuple[str, ...] = ()
    discords: tuple[Discord, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing to do; what is gone and kept is nothing to do."""
        pruned = self.settings.gone if self.prune else ()
        return self.areas.is_empty and self.settings.is_empty and self.staff.is_empty and not pruned


def plan(manifest: Manifest, *, prune: bool = False) -> Plan:
    """Compare a district's file with the database. Reads only.

    Args:
        prune: plan the removal of module settings that the file does not name.
    """
    district = manifest.district.code
    found_areas = _found_areas(district)
    areas, ticket_notes = _areas(manifest, found_areas)
    staff, accounts, staff_notes = _staff(manifest)
    wanted = {
        (choice.area.id, choice.module): Setting(choice.area.id, choice.module, choice.enabled, choice.locked)
        for choice in manifest.modules
    }
    standing = settings_where(in_or_above(ModuleSetting.area_id, district))
    found = {(row.area_id, row.module): row for row in standing if district.id <= row.area_id <= district.hi}
    settings = difference(wanted, found)
    gone = {row for row in settings.gone if prune}
    kept = [row for row in standing if row not in gone and (row.area_id, row.module) not in wanted]
    notes = (*ticket_notes, *staff_notes)
    discords = _discords(found_areas, areas.added, standing, [*kept, *wanted.values()])
    return Plan(manifest, areas, settings, staff, accounts, prune, notes, discords)


def _discords(
    found: Mapping[AreaCode, AreaRow], added: Iterable[AreaRow], before: Iterable[Setting], after: Iterable[Setting]
) -> tuple[Discord, ...]:
    """Where these settings would newly leave modules that do not agree, in villages that there are or will be."""
    rows = {row.code.id: row for row in (*found.values(), *added)}
    sets_before = effective_sets(_parents_of(found), before)
    sets_after = effective_sets(_parents_of(row.code for row in rows.values()), after)
    villages = {id: names for id, names in sets_after.items() if rows[id].code.level == Level.VILLAGE}
    return tuple(
        Discord(one, other, tuple(Place(id, title_of(rows[id].kind, rows[id].name)) for id in where), required)
        for (one, other, required), where in new_pairs(sets_before, villages).items()
    )


def _parents_of(codes: Iterable[AreaCode]) -> dict[int, int | None]:
    """Each area's parent by id, None where there is no row for it."""
    there = {code.id: code.parent for code in codes}
    return {id: above.id if above is not None and above.id in there else None for id, above in there.items()}


def difference(wanted: Mapping[Key, Row], found: Mapping[Key, Row]) -> Difference[Row]:
    return Difference(
        added=tuple(row for key, row in wanted.items() if key not in found),
        changed=tuple(row for key, row in wanted.items() if key in found and row != found[key]),
        gone=tuple(row for key, row in found.items() if key not in wanted),
        unchanged=sum(key in found and row == found[key] for key, row in wanted.items()),
    )


def _areas(manifest: Manifest, found: Mapping[AreaCode, AreaRow]) -> tuple[Difference[AreaRow], list[str]]:
    wanted = {area.code: _row(area) for area in [*_parents(manifest), *manifest.villages]}
    prefixes, notes = _prefixes(manifest, found)
    for code, row in wanted.items():
        wanted[code] = replace(row, ticket_prefix=prefixes.get(code))
    return difference(wanted, found), notes


def _found_areas(district: AreaCode) -> dict[AreaCode, AreaRow]:
    """The district with all in it, and the province, which it shares with others."""
    province = district.parent
    query = select(Area).where(
        or_(Area.id.between(district.id, district.hi), Area.id == (province.id if province else None))
    )
    return {
        row.interval: AreaRow(row.interval, row.name, row.kind, row.timezone, row.postal_code, row.ticket_prefix)
        for row in db.session.scalars(query.order_by(Area.id))
    }


def _row(area: CatalogueArea) -> AreaRow:
    return AreaRow(area.code, area.name, area.kind, timezone_of(area.code), area.postal_code)


def _parents(manifest: Manifest) -> list[CatalogueArea]:
    """Province, district, and the kecamatan of the chosen villages, from the top."""
    district = manifest.district.code
    codes = {district, district.parent, *(village.code.parent for village in manifest.villages)}
    return [area for code in sorted(code for code in codes if code) if (area := find(code))]


def _prefixes(manifest: Manifest, found: Mapping[AreaCode, AreaRow]) -> tuple[dict[AreaCode, str], list[str]]:
    """Every village's ticket prefix: the one it has, else the one that the file fixes, else one from its name."""
    kept = {code: row.ticket_prefix for code, row in found.items() if row.ticket_prefix}
    taken = {prefix: code for code, prefix in kept.items()}
    prefixes, notes = dict(kept), []
    for code, prefix in manifest.tickets.items():
        if code in kept and kept[code] != prefix:
            notes.append(f"{code}: awalan tiket tetap {kept[code]}, karena sudah tercetak pada tanda terima warga.")
        elif code not in kept and prefix in taken:
            notes.append(f"{code}: awalan tiket {prefix} sudah dipakai {taken[prefix]}; dibuat dari nama desa.")
        else:
            prefixes[code] = prefix
    missing = [(village.code, village.name) for village in manifest.villages if village.code not in prefixes]
    return prefixes | ticket_prefixes(missing, prefixes.values()), notes


def _staff(manifest: Manifest) -> tuple[Difference[StaffMember], tuple[StaffMember, ...], list[str]]:
    names = {member.username.lower() for member in manifest.staff}
    known = {
        row.username.lower(): row
        for row in db.session.scalars(select(User).where(func.lower(User.username).in_(names)))
    }
    ended = [name for name, user in known.items() if user.ended_at is not None]
    wanted = {_key(member): member for member in manifest.staff if member.username.lower() not in ended}
    split = difference(wanted, _found_staff(manifest.district.code))
    new = {member.username.lower(): member for member in reversed(split.added) if member.username.lower() not in known}
    notes = [
        f"Akun {name} sudah diakhiri dan tidak dibuka lagi. Hapus dari [[staff]], atau pakai nama lain."
        for name in ended
    ]
    return split, tuple(reversed(new.values())), notes


def _found_staff(district: AreaCode) -> dict[tuple[str, AreaCode, str], StaffMember]:
    query = (
        select(User.username, User.name, Membership.role, Membership.area_id, Membership.until)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.area_id.between(district.id, district.hi), User.ended_at.is_(None))
        .order_by(Membership.area_id, func.lower(User.username))
    )
    rows = [
        StaffMember(name, person, role, AreaCode.from_id(area), until)
        for name, person, role, area, until in db.session.execute(query)
    ]
    return {_key(member): member for member in rows}


def _key(member: StaffMember) -> tuple[str, AreaCode, str]:
    return member.username.lower(), member.area, member.role
