"""What Kemensos decided has to get into the village's own list of KPM, from which it verifies and counts."""

from collections.abc import Iterator
from datetime import date, timedelta

from core.api import Case, Family, FollowUp, gettext

from .rulebook import latest, rules


def enlist_later(case: Case, _family: Family, day: date) -> Iterator[FollowUp]:
    """A family that became a KPM is put on the list with its pengurus and components."""
    if case.state == "approved":
        yield _task(gettext("Catat keluarga ini di daftar KPM PKH: pengurus dan komponennya"), day)


def apply_later(case: Case, _family: Family, day: date) -> Iterator[FollowUp]:
    """A change that was keyed outside is made in the list too."""
    if case.state == "approved":
        yield _task(gettext("Ubah juga di daftar KPM PKH: komponen, pengurus, atau graduasi"), day)


def _task(title: str, day: date) -> FollowUp:
    rule = rules.get(day) or latest
    return FollowUp(title, day + timedelta(days=rule.apply_days))
