"""A village's address, contacts and opening hours: what its public pages say."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.areas.current import CurrentArea
from core.audit import record
from core.database.session import db
from core.database.uuid7 import uuid7

from .models import VillageProfile
from .opening_hours import Interval, OpeningHours, read_day

TEXTS = ("address", "phone", "whatsapp", "email", "complaints")


@dataclass(frozen=True)
class Profile:
    """What a village tells of itself; blank where it told nothing. ``version`` 0: it never told anything.

    ``complaints`` is whom to turn to in the village; SP4N-LAPOR! stands beside it on every page.
    """

    hours: OpeningHours
    address: str = ""
    phone: str = ""
    whatsapp: str = ""
    email: str = ""
    complaints: str = ""
    version: int = 0


class StaleProfile(Exception):
    """Somebody else has changed the profile meanwhile; ``stored`` is what it says now."""

    def __init__(self, stored: Profile) -> None:
        super().__init__("the profile has changed")
        self.stored = stored


def profile_of(area: CurrentArea) -> Profile:
    """In one query."""
    row = db.session.scalar(select(VillageProfile).where(VillageProfile.village_id == area.id))
    return _profile(row, area) if row else Profile(OpeningHours(area.timezone))


def opening_hours_of(area: CurrentArea) -> OpeningHours:
    """When the desk of the village ``area`` is open, and the days on which it is not, in one query."""
    return profile_of(area).hours


def _profile(row: VillageProfile, area: CurrentArea) -> Profile:
    hours = OpeningHours(
        area.timezone,
        {int(day): tuple(i for text in texts for i in read_day(text)) for day, texts in row.hours.items()},
        {date.fromisoformat(day): reason for day, reason in row.closed.items()},
    )
    return Profile(hours, **{name: getattr(row, name) for name in TEXTS}, version=row.version)


def save_profile(area: CurrentArea, given: Profile) -> None:
    """Store what ``given`` says, when its ``version`` is still the one that is stored. The caller commits.

    Raises:
        StaleProfile: it is not.
    """
    # The row is made first: of two that make it at once, the second waits and then sees the first one's version.
    db.session.execute(insert(VillageProfile).values(village_id=area.id, id=uuid7()).on_conflict_do_nothing())
    row = db.session.scalars(select(VillageProfile).where(VillageProfile.village_id == area.id).with_for_update()).one()
    stored = _profile(row, area)
    if stored.version != given.version:
        raise StaleProfile(stored)
    changes = {name: value for name, value in _columns(given).items() if value != getattr(row, name)}
    if not changes:
        return
    for name, value in changes.items():
        setattr(row, name, value)
    record("profile.changed", "area", area.code, fields=list(changes))
    db.session.flush()


def _columns(profile: Profile) -> dict[str, Any]:
    hours = {str(day): _texts(intervals) for day, intervals in sorted(profile.hours.week.items()) if intervals}
    closed = {day.isoformat(): reason for day, reason in sorted(profile.hours.closed.items())}
    return {"hours": hours, "closed": closed, **{name: getattr(profile, name) for name in TEXTS}}


def _texts(intervals: tuple[Interval, ...]) -> list[str]:
    return [f"{interval.start:%H:%M}-{interval.end:%H:%M}" for interval in intervals]


def with_changes(
    profile: Profile,
    *,
    week: Mapping[int, tuple[Interval, ...]] | None = None,
    closed: Mapping[date, str] | None = None,
    texts: Mapping[str, str] | None = None,
) -> Profile:
    """The profile with what is given in place of what it says; ``texts`` by the names of ``TEXTS``."""
    hours = replace(
        profile.hours,
        week=profile.hours.week if week is None else week,
        closed=profile.hours.closed if closed is None else closed,
    )
    return replace(profile, hours=hours, **(texts or {}))
