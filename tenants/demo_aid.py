"""Aid of the demonstration that no module knows of, told or read in a list; one of it excludes another programme."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.actor import acting
from core.aid.models import ToldAid
from core.aid.told import ToldInput, programmes, tell_aid
from core.areas.current import CurrentArea
from core.cases.models import Case
from core.database.session import commit, db, scope

from .demo_blt import SERVICE
from .demo_cases import Team
from .demo_clock import moved_to

ZAKAT = ToldInput(
    programme="",
    title="Paket Ramadan Baznas",
    for_family=True,
    state="received",
    source="family",
    evidence="",
    amount=150_000,
    goods="5 kg beras",
    first_day=None,
    last_day=None,
)


def make_told_aid(area: CurrentArea, team: Team, moment: datetime) -> bool:
    """Of the first two families that ask for BLT; False when there is some already, or nobody asks."""
    with scope(area):
        there = db.session.scalar(select(ToldAid.id).where(ToldAid.village_id == area.id).limit(1))
        query = select(Case).where(Case.village_id == area.id, Case.service == SERVICE).order_by(Case.id)
        cases = db.session.scalars(query.options(joinedload(Case.person)).limit(2)).all()
        if there is not None or len(cases) < 2:
            return False
        day = moment.date()
        with acting(team.clerk), moved_to(moment):
            months_ago = day - timedelta(days=200)
            tell_aid(cases[0].person, replace(ZAKAT, first_day=months_ago, last_day=months_ago))
            if "pkh" in programmes():
                listed = replace(ZAKAT, programme="pkh", title=str(programmes()["pkh"]), state="decided", source="list")
                evidence = "Daftar KPM pendamping PKH (contoh), belum ada di daftar desa"
                listed = replace(listed, evidence=evidence, amount=None, goods="", first_day=months_ago)
                tell_aid(cases[1].person, listed)
        commit()
    return True
