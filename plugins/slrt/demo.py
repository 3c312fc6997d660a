"""What the demonstration shows: routes of the district, a note on a referral, and figures."""

from datetime import date

from sqlalchemy import select

from core.api import WITH_RECEIVER, Area, Organisation, OwnRows, Referral, commit, db, district_of, holders_of, scope

from . import tracking
from .counting import count_village
from .models import SlrtNote, SlrtRoute
from .routing import RouteInput, write_route
from .words import EVERYTHING

ROUTES = ((EVERYTHING, "kecamatan", 3), (EVERYTHING, "dinsos", 5), ("uhc", "dinsos", 2), ("pbi_jk", "dinsos", 3))
SINCE = date(2026, 1, 1)


def fill(area: Area, permissions: frozenset[str]) -> None:  # noqa: ARG001 - nothing here asks who acts
    """Nothing that is there already. The referrals are those that the other modules' cases have made."""
    district = district_of(area)
    with scope(OwnRows(district.id)):
        if db.session.scalar(select(SlrtRoute.id).where(SlrtRoute.village_id == district.id).limit(1)) is None:
            for topic, level, days in ROUTES:
                write_route(district.id, RouteInput(topic, level, None, days, SINCE), None)
            commit()
    with scope(area):
        _note(area)
        count_village(area)


def _note(area: Area) -> None:
    """The first referral that waits for an answer has an officer, where there is one, and a note of theirs."""
    if db.session.scalar(select(SlrtNote.id).where(SlrtNote.village_id == area.id).limit(1)) is not None:
        return
    referral = db.session.scalar(
        select(Referral)
        .join(Organisation, Organisation.id == Referral.organisation_id)
        .where(Referral.village_id == area.id, Referral.state.in_(WITH_RECEIVER), Organisation.sector == "dinsos")
        .order_by(Referral.id)
        .limit(1)
    )
    if referral is not None:
        officer = next(iter(holders_of(district_of(area), "district_officer")), None)
        tracking.assign(referral, officer.id if officer else None, 0)
        tracking.add_note(referral, "Sudah ditanyakan ke BPJS lewat telepon (contoh).", None)
    commit()
