"""What anyone may read without signing in: which services a village offers, by what standard, and when it is open."""

from itertools import groupby

from flask import Response, abort, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.areas.code import AreaCode, Level
from core.cases.catalogue import offered
from core.clock import now
from core.users.permissions import public
from core.villages.directory import districts, villages_of
from core.villages.opening_hours import OpeningHours, next_opening, open_until, write_day
from core.villages.profile import profile_of
from core.web.formats import area_today, weekdays
from core.web.limits import limiter
from core.web.panels import public_links

from . import bp

# Long enough for a notice that a whole school scans at once, short enough for "open now" to be true.
KEPT_SECONDS = 120
LIMIT = "120 per minute"


@bp.get("/<village:area>/services")
@public
@limiter.limit(LIMIT)
def services(area: AreaCode) -> ResponseReturnValue:
    """Everything the village offers today, each with the six components of its standard that are published."""
    return _kept(
        render_template("villages/services.html", services=offered(g.area), links=public_links(g.area), **_office())
    )


@bp.get("/<village:area>/services/<name>")
@public
@limiter.limit(LIMIT)
def service(area: AreaCode, name: str) -> ResponseReturnValue:
    """One service, to link to and to hang on the wall."""
    found = offered(g.area).get(name) or abort(404)
    return _kept(render_template("villages/service.html", service=found, **_office()))


def _office() -> dict[str, object]:
    """Address, contacts and hours of the village at hand, and how they stand at this moment."""
    profile, moment, today = profile_of(g.area), now(), area_today()
    return {
        "profile": profile,
        "open_until": open_until(profile.hours, moment),
        "next_opening": next_opening(profile.hours, moment),
        "week": _week(profile.hours),
        "closed_days": {day: reason for day, reason in profile.hours.closed.items() if day >= today},
        "day": today,
    }


def _week(hours: OpeningHours) -> list[tuple[str, str]]:
    """Days in a row with the same hours as one line ("Senin–Kamis"), then those on which nobody is there."""
    names = weekdays()
    lines = []
    for intervals, group in groupby(range(7), key=lambda day: hours.week.get(day, ())):
        days = list(group)
        if intervals:
            name = names[days[0]] if len(days) == 1 else f"{names[days[0]]}–{names[days[-1]]}"
            lines.append((name, write_day(intervals)))
    return lines if all(hours.week.get(day) for day in range(7)) else [*lines, (_("Hari lain"), _("tutup"))]


@bp.get("/<wide:area>/services")
@public
@limiter.limit(LIMIT)
def directory(area: AreaCode) -> ResponseReturnValue:
    """The villages of a district or kecamatan, to find one's own by its name; nothing but names."""
    if g.area.level not in (Level.DISTRICT, Level.KECAMATAN):
        abort(404)
    search = request.args.get("q", "").strip()[:80]
    found = villages_of(g.area.interval, search)
    return _kept(render_template("villages/directory.html", kecamatan=found, search=search))


@bp.get("/services")
@public
@limiter.limit(LIMIT)
def start() -> ResponseReturnValue:
    """The way in for a resident: straight to the one district that is served here, or to the choice."""
    served = districts()
    if len(served) == 1:
        return redirect(url_for("villages.directory", area=served[0].code))
    return _kept(render_template("villages/districts.html", districts=served))


def _kept(page: str) -> Response:
    """The same for everybody but for the language, which a cookie holds; nothing of it is about a person.

    The answer to somebody with a cookie may renew it, as a sign-in's is: that one is for their own browser alone.
    """
    answer = make_response(page)
    answer.headers["Cache-Control"] = f"{'private' if request.cookies else 'public'}, max-age={KEPT_SECONDS}"
    answer.vary.add("Cookie")
    return answer
