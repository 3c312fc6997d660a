"""Families of the demonstration that ask for BLT Dana Desa: put forward for a musdes, or still at the desk.

The programme is reached by its name: where its plugin is not installed or switched off, there are none.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.actor import acting
from core.areas.current import CurrentArea
from core.cases.catalogue import offered
from core.cases.checklist import confirm_seen
from core.cases.intake import Intake, open_case
from core.cases.models import Case
from core.cases.progress import Answer, take_step
from core.cases.service import Service
from core.database.session import commit, db, scope
from core.people.models import Household, Person
from core.platform import platform

from .demo_cases import Team
from .demo_clock import moved_to

SERVICE = "blt_desa.aid"
FAMILIES = 14
AT_THE_DESK = 2
SITUATIONS = (
    ("Buruh tani harian, rumah berdinding bambu.", {"lost_livelihood": "yes"}),
    ("Ibu sakit menahun, berobat setiap bulan.", {"chronic_illness": "yes"}),
    ("Lansia tinggal sendiri, dibantu tetangga.", {"elderly_alone": "yes"}),
    ("Anak kedua penyandang disabilitas, ayah buruh lepas.", {"disability": "yes"}),
    ("Pedagang keliling, penghasilan tidak tetap.", {"other_aid": "yes", "other_aid_name": "BPNT"}),
    ("Janda dengan tiga anak, buruh cuci.", {"pkh": "unknown"}),
)
NO = dict.fromkeys(("chronic_illness", "disability", "elderly_alone", "lost_livelihood", "pkh", "other_aid"), "no")


def make_families(area: CurrentArea, team: Team, moment: datetime, rng: Random) -> bool:
    """Open their cases and put most of them forward; False when there are some already, or the module is off."""
    service = offered(area).get(SERVICE)
    with scope(area):
        there = select(Case.id).where(Case.village_id == area.id, Case.service == SERVICE).limit(1)
        if service is None or db.session.scalar(there) is not None:
            return False
        heads = _poor(area)
        for number, person in enumerate(heads):
            _open(area, service, person, team, moment - timedelta(days=20 - number), rng, number)
        commit()
    return bool(heads)


def tell_plugins(area: CurrentArea, team: Team, moment: datetime) -> None:
    """Let each module that is on here add what shows it, as the kepala desa would."""
    permissions = platform().permissions.of_role("village_head")
    with scope(area), acting(team.head), moved_to(moment):
        platform().hooks_for(area.enabled).emit("demo_filled", area=area, permissions=permissions)


def _poor(area: CurrentArea) -> list[Person]:
    heads = (
        select(Person)
        .join(Household, (Household.village_id == Person.village_id) & (Household.id == Person.household_id))
        .where(
            Person.village_id == area.id,
            Person.family_role == "head",
            Person.life_status == "alive",
            Household.decile <= 4,
        )
        .order_by(Household.kk_number)
        .options(joinedload(Person.household))
    )
    return list(db.session.scalars(heads.limit(FAMILIES)))


def _open(  # noqa: PLR0917 - one family with all that makes its story
    area: CurrentArea, service: Service, person: Person, team: Team, moment: datetime, rng: Random, number: int
) -> None:
    working = platform().permissions.of_role("village_staff")
    situation, special = SITUATIONS[number % len(SITUATIONS)]
    answers: Mapping[str, Any] = {
        **NO,
        "dependants": rng.randint(1, 6),
        "other_aid_name": "",
        "situation": situation,
        **special,
    }
    with acting(team.clerk), moved_to(moment):
        case = open_case(area, service, person, Intake("visit", answers, privacy_notice_given=True))
        db.session.flush()
        if number >= FAMILIES - AT_THE_DESK:
            return
        for requirement in service.requirements:
            confirm_seen(case, requirement.key)
        for key in ("handle", "propose"):
            take_step(area, case, service, key, working, Answer())
