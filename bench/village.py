"""The village that is measured: provisioned as a district would, with synthetic residents and people who sign in."""

from dataclasses import dataclass
from pathlib import Path

from core.actor import Actor, acting
from core.areas.code import AreaCode
from core.areas.current import CurrentArea, find_area
from core.database.session import commit, db, scope
from core.imports.terminal import import_file
from core.people.opensid import write_rows
from core.people.resident_file import RESIDENTS
from core.people.synthetic import residents
from core.platform import platform
from core.users.accounts import create_user, grant
from tenants.apply import apply
from tenants.catalogue import find, villages_in
from tenants.manifest import Manifest, ModuleChoice
from tenants.plan import plan

VILLAGE = AreaCode.parse("32.01.15.2008")
CLERK = "petugas.bench"
PASSWORD = "kata sandi untuk mengukur"  # noqa: S105 - of made-up people in a database that lasts for minutes
SEED = 2026
ANSWERS = {
    "purpose": "school",
    "addressee": "SDN Cibadak 02",
    "reason": "Kepala keluarga buruh tani harian, tanggungan tiga anak sekolah, rumah semi permanen.",
    "witness_1": "Ujang Sutisna",
    "witness_2": "Kokom Rohaeti",
}


@dataclass(frozen=True)
class Sheet:
    """A file of synthetic residents, and its rows as they stand in it."""

    path: Path
    rows: int


def district(code: AreaCode, *, villages: int | None = None) -> Manifest:
    """A district with every installed module on; its first villages, the measured one among them, or all."""
    found = find(code)
    if found is None:
        raise LookupError(f"{code} is not in the catalogue")
    chosen = villages_in(code)
    if villages is not None:
        chosen = sorted(chosen, key=lambda village: (village.code != VILLAGE, village.code))[:villages]
    modules = tuple(ModuleChoice(code, module, enabled=True) for module in platform().plugins.plugins)
    return Manifest(Path("bench.toml"), found, tuple(chosen), modules)


def provision(manifest: Manifest) -> None:
    with scope(manifest.district.code):
        apply(plan(manifest))
        commit()


def measured_village(*, others: int = 0) -> CurrentArea:
    """The village, made where it is missing, with a number of its neighbours."""
    provision(district(AreaCode.parse("32.01"), villages=1 + others))
    area = find_area(VILLAGE)
    if area is None:
        raise LookupError(f"{VILLAGE} was not provisioned")
    db.session.rollback()
    return area


def clerks(count: int) -> list[str]:
    """People with the role of the desk; answers with their user names. The first is ``CLERK``."""
    names = [CLERK, *(f"{CLERK}.{number}" for number in range(1, count))]
    for name in names:
        user, _password = create_user(name, "Petugas Ukur", password=PASSWORD)
        grant(user, VILLAGE, "village_staff")
    commit()
    return names


def sheet(directory: Path, count: int, kind: str) -> Sheet:
    path = directory / f"penduduk-{count}.{kind}"
    write_rows(path, residents(str(VILLAGE), count, SEED))
    return Sheet(path, count)


def take_in(area: CurrentArea, path: Path, *, dry_run: bool = False) -> None:
    """Import residents.

    Raises:
        RuntimeError: the file was refused; then there would be nothing to measure.
    """
    with acting(Actor(None, "bench")):
        report = import_file(area, RESIDENTS, path, dry_run=dry_run)
    if report.state != ("checked" if dry_run else "applied"):
        raise RuntimeError(f"{path.name} is {report.state}: {report.problem or report.errors[:3]}")
