"""Services that ask for a survey: what stands in the way of a case, and when it is there."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.api import AreaCode, Case, Transition, area_today, gettext, long_date, settings_of

from .listing import latest_about
from .models import FINAL, SIGNED, HomeSurvey
from .settings import SurveySettings


@dataclass(frozen=True)
class Standing:
    """``latest`` is the newest survey that was not cancelled, ``valid`` the signed one that still counts."""

    needed: bool
    days: int
    latest: HomeSurvey | None
    valid: HomeSurvey | None


def standing_of(case: Case, today: date) -> Standing:
    """Whether a case's service asks for a survey, and whether there is one."""
    settings = settings_of(AreaCode.from_id(case.village_id), SurveySettings)
    surveys = latest_about(case.village_id, case.person_id, case.household_id)
    return Standing(
        needed=case.service in (settings.services or ()),
        days=settings.valid_days,
        latest=surveys[0] if surveys else None,
        valid=next((each for each in surveys if counts(each, settings.valid_days, today)), None),
    )


def counts(survey: HomeSurvey, days: int, today: date) -> bool:
    """Countersigned, and the visit not longer ago than that."""
    return survey.state == SIGNED and survey.done_on is not None and survey.done_on >= today - timedelta(days=days)


def objection(case: Case, transition: Transition) -> str | None:
    """To the steps for which the papers must be complete: a case is sent, or put before who decides.

    An urgent case that may go without its papers goes without a survey too.
    """
    if not transition.needs_requirements or (case.urgent and transition.papers_later is not None):
        return None
    standing = standing_of(case, area_today())
    if not standing.needed or standing.valid is not None:
        return None
    return _what_is_missing(standing)


def _what_is_missing(standing: Standing) -> str:
    latest = standing.latest
    where = gettext("Lihat kartu “Survei rumah” di halaman kasus ini.")
    if latest is None:
        return f"{gettext('Layanan ini butuh survei rumah, dan belum ada yang diminta.')} {where}"
    if latest.state == FINAL:
        what = gettext("Survei rumah %(number)s menunggu tanda tangan orang kedua.", number=latest.reference)
    elif latest.state == SIGNED and latest.done_on:
        what = gettext(
            "Survei rumah %(number)s dari %(date)s sudah lebih dari %(days)s hari.",
            number=latest.reference,
            date=long_date(latest.done_on),
            days=standing.days,
        )
    else:
        what = gettext("Survei rumah %(number)s belum selesai.", number=latest.reference)
    return f"{what} {where}"
