"""What the pages of one child share: finding it, and showing it with a sentence about what did not work."""

from uuid import UUID

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.api import Person, area_today, cases_of_person, gettext, here, told_on_page

from .. import measurements as domain
from ..chart import HEIGHT, LEFT, RIGHT, WIDTH, chart_of
from ..growth import TRENDS, judge, months_of, times_not_risen, trends
from ..rulebook import CATEGORIES, INDEXES, SHORT, TITLES, rule_on
from ..services import referral
from ..values import VITAMINS, written


def child_or_404(person_id: UUID) -> Person:
    return domain.find_child(here().id, person_id, area_today()) or abort(404)


def to_child(person_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("balita.child", id=person_id))


def moved_on() -> str:
    return gettext("Orang lain baru saja mengubah atau menghapus hasil ukur ini. Periksa keadaannya sekarang.")


def child_page(person: Person, problem: str = "") -> str:
    """A child's measurements, charts, food and referral: a fixed number of queries."""
    today = area_today()
    rule = rule_on(today)
    held = domain.measurements_of(person)
    readings = [each.reading for each in held]
    growths = [judge(person.sex, person.birth_date, reading) for reading in readings]
    rows = list(zip(held, growths, trends(readings, person.birth_date), strict=True))[::-1]
    charts = [(index, chart_of(index, person.sex, growths)) for index in INDEXES]
    not_risen = times_not_risen(readings, person.birth_date)
    low = growths[-1].below(rule.refer_below) if growths else []
    return render_template(
        "balita/child.html",
        child=person,
        months=months_of((today - person.birth_date).days),
        is_child=domain.is_child(person, today),
        rows=rows,
        last=rows[0] if rows else None,
        charts=[(index, chart) for index, chart in charts if chart],
        canvas={"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": RIGHT},
        not_risen=not_risen,
        low=low,
        low_short=[SHORT[index] for index in low],
        refer=bool(low) or not_risen >= rule.not_rising,
        rule=rule,
        rations=domain.rations_of(person),
        cases=cases_of_person(person, [referral.name]),
        titles=TITLES,
        short=SHORT,
        indexes=INDEXES,
        categories=CATEGORIES,
        trends=TRENDS,
        vitamins=VITAMINS,
        written=written,
        problem=problem,
    )


changes_child = told_on_page(lambda id, problem: child_page(child_or_404(id), problem), moved_on)
