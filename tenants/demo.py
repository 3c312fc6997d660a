"""A whole installation to try things on: a district, people to sign in as, residents and cases, all of them made up.

Each part is made in one transaction and only where it is missing: run again, or after an interruption, it goes on where
it stopped and changes nothing that is there.
"""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from core.actor import Actor, acting
from core.areas.code import AreaCode
from core.areas.current import CurrentArea, find_area
from core.audit import record
from core.cases.catalogue import offered
from core.cases.models import Case
from core.clock import now
from core.database.session import commit, db, scope
from core.imports.terminal import import_file
from core.people.models import Household, Person
from core.people.opensid import write_rows
from core.people.resident_file import RESIDENTS
from core.people.synthetic import residents
from core.platform import platform
from core.users.accounts import create_user, grant
from core.users.models import User

from .apply import provision
from .demo_aid import make_told_aid
from .demo_blt import make_families, tell_plugins
from .demo_cases import Player, Team
from .demo_meeting import hold_meeting, prepare_meeting
from .demo_modules import make_deviations
from .demo_pbi import make_pbi
from .demo_pip import school_players
from .demo_profile import make_profile
from .demo_referrals import make_referrals
from .demo_settings import set_modules
from .demo_sign_ins import DISTRICT, NEIGHBOUR, PASSWORD, SIGN_INS, VILLAGE, SignIn
from .demo_stories import CIBADAK, Deed, Fate, deeds
from .demo_stories import NEIGHBOUR as NEIGHBOUR_STORIES
from .manifest import ModuleChoice, read_manifest

SEED = 2026
MANIFEST = Path(__file__).parent / "manifests" / "bogor.toml"
LEFT_TO_ADD = AreaCode.parse("32.01.36")
SERVICE = "sktm.letter"
DECILES_ON = date(2026, 1, 15)

Tell = Callable[[int], None]


class DemoRefused(Exception):
    """The demonstration would mix with what is real; the message says with what."""


def fill_demo(
    tell: Tell = lambda _percent: None,
    *,
    moment: datetime | None = None,
    village_size: int = 2000,
    neighbour_size: int = 120,
) -> bool:
    """Make what is missing of the demonstration; False when nothing was.

    Args:
        tell: called with the percentage that is done.
        moment: when the last of it happened; now, unless told otherwise. The same moment makes the same cases.

    Raises:
        DemoRefused: in production, or where somebody real has one of the names.
    """
    if platform().config.production:
        raise DemoRefused("Data contoh ditolak: PUSKESOS_ENV=production. Pakai pemasangan lain untuk mencoba.")
    changed = _provision()
    tell(5)
    changed = _sign_ins() or changed
    tell(10)
    moment = moment or now()
    changed = _deviations(moment) or changed
    for code, size, fates, clerk, (start, end) in (
        (VILLAGE, village_size, CIBADAK, "petugas", (10, 90)),
        (NEIGHBOUR, neighbour_size, NEIGHBOUR_STORIES, "tetangga", (90, 100)),
    ):
        area, team = _area(code), _team(clerk)
        with acting(team.clerk):
            changed = _residents(area, size) or changed
            changed = _deciles(area) or changed
            tell(start + 5)
            changed = _cases(area, team, fates, moment, _between(tell, start + 5, end)) or changed
    with acting(_team("petugas").clerk):
        changed = make_profile(_area(VILLAGE)) or changed
    changed = _outside(moment) or changed
    return _programmes(moment) or changed


def _programmes(moment: datetime) -> bool:
    """What the modules show besides letters: their families, then whatever each adds of its own."""
    area, team = _area(VILLAGE), _team("petugas")
    rng = Random(f"{area.code}/{SEED}/blt")  # noqa: S311 - made-up stories, no secrets
    made = make_families(area, team, moment, rng)
    made = hold_meeting(area, team, moment) or made
    tell_plugins(area, team, moment)
    made = prepare_meeting(area, team, moment) or made
    return make_told_aid(area, team, moment) or made


def _deviations(moment: datetime) -> bool:
    admin = db.session.scalars(select(User).where(User.username == "admin")).one()
    actor = Actor(admin.id, admin.name)
    db.session.rollback()
    set_modules(actor)
    return make_deviations(actor, moment)


def _outside(moment: datetime) -> bool:
    """What others have to do with the village's cases: those that were referred, and those that are decided outside."""
    people = {user.username: Actor(user.id, user.name) for user in db.session.scalars(select(User).where(_named()))}
    db.session.rollback()
    referred = make_referrals(people["petugas"], people["mitra"], moment)
    db.session.rollback()
    return make_pbi(people["petugas"], people["dinsos"], moment) or referred


def _between(tell: Tell, start: int, end: int) -> Callable[[float], None]:
    return lambda share: tell(start + int((end - start) * share))


def _provision() -> bool:
    """The district of the manifest, without its staff: their one-time passwords would be told to nobody.

    One kecamatan is left for whoever wants to try how a village is added. A module that somebody installed besides
    ours is on as well: it is there to be tried.
    """
    installed = platform().plugins.plugins
    whole = read_manifest(MANIFEST, installed)
    villages = tuple(village for village in whole.villages if not LEFT_TO_ADD.covers(village.code))
    others = installed.keys() - {choice.module for choice in whole.modules}
    modules = (*whole.modules, *(ModuleChoice(whole.district.code, name, True) for name in sorted(others)))
    manifest = replace(whole, staff=(), villages=villages, modules=modules)
    with scope(AreaCode.parse(DISTRICT)):
        return not provision(manifest).plan.is_empty


def _area(code: str) -> CurrentArea:
    area = find_area(AreaCode.parse(code))
    if area is None or SERVICE not in offered(area):
        raise DemoRefused(f"Modul sktm mati di {code}. Hidupkan: puskesos modules set --area {code} sktm on")
    db.session.rollback()
    return area


def _sign_ins() -> bool:
    known = {user.username: user for user in db.session.scalars(select(User).where(_named()))}
    taken = [user.username for user in known.values() if not user.is_demo]
    if taken:
        raise DemoRefused(f"Nama pengguna {', '.join(taken)} sudah dipakai akun sungguhan; data contoh tidak dicampur.")
    missing = [person for person in SIGN_INS if person.username not in known]
    with scope(AreaCode.parse(DISTRICT)):
        for person in missing:
            _sign_in(person)
        commit()
    return bool(missing)


def _named():
    return func.lower(User.username).in_([person.username for person in SIGN_INS])


def _sign_in(person: SignIn) -> None:
    user, _password = create_user(person.username, person.name, password=PASSWORD, is_demo=True)
    grant(user, AreaCode.parse(person.area), person.role)
    record("users.created", "user", user.id, username=user.username)


def _team(clerk: str) -> Team:
    actors = {user.username: Actor(user.id, user.name) for user in db.session.scalars(select(User).where(_named()))}
    db.session.rollback()
    alone = clerk == "tetangga"
    return Team(
        clerk=actors[clerk],
        field_worker=actors[clerk if alone else "kader"],
        head=actors[clerk if alone else "kades"],
    )


def _residents(area: CurrentArea, size: int) -> bool:
    """Through the import that villages use, as a file of OpenSID's template."""
    with scope(area):
        if db.session.scalar(select(Person.id).where(Person.village_id == area.id).limit(1)):
            return False
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "penduduk-contoh.csv"
        write_rows(path, residents(area.code, size, SEED))
        report = import_file(area, RESIDENTS, path)
    if report.state != "applied":
        found = report.problem or "; ".join(f"baris {item.row_no}: {item.message}" for item in report.errors[:3])
        raise DemoRefused(f"Penduduk contoh tidak dapat diimpor: {found}")
    return True


def _deciles(area: CurrentArea) -> bool:
    """The official decile of four families in five, as if copied from DTSEN; the others are not known yet."""
    rng = Random(f"{area.code}/{SEED}/deciles")  # noqa: S311 - made-up figures, no secrets
    with scope(area):
        query = select(Household).where(Household.village_id == area.id).order_by(Household.kk_number)
        households = db.session.scalars(query).all()
        if any(household.decile for household in households):
            return False
        for household in households:
            if rng.random() < 0.8:
                household.decile = min(10, 1 + int(rng.betavariate(1.6, 2.6) * 10))
                household.decile_on, household.decile_source = DECILES_ON, "DTSEN (contoh)"
        commit()
    return True


def deeds_of(area: CurrentArea, fates: tuple[Fate, ...], moment: datetime) -> list[Deed]:
    rng = Random(f"{area.code}/{SEED}/deeds")  # noqa: S311 - made-up stories, no secrets
    return deeds(fates, moment, area.timezone, rng)


def _cases(
    area: CurrentArea, team: Team, fates: tuple[Fate, ...], moment: datetime, tell: Callable[[float], None]
) -> bool:
    """Those that end in a letter, together in the order of time: tickets and letters are numbered as they came."""
    with scope(area):
        if db.session.scalar(select(Case.id).where(Case.village_id == area.id).limit(1)):
            return False
        rng = Random(f"{area.code}/{SEED}/cases")  # noqa: S311 - as above
        player = Player(area, offered(area)[SERVICE], team, rng)
        todo = [(deed, player) for deed in deeds_of(area, fates, moment)]
        for pupils in school_players(area, team, moment) if area.code == VILLAGE else ():
            todo += [(deed, pupils) for deed in pupils.deeds()]
        todo.sort(key=lambda item: item[0].moment)
        for number, (deed, who) in enumerate(todo, start=1):
            who.play(deed)
            tell(number / len(todo))
        commit()
    return True
