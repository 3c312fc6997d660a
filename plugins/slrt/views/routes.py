"""The district's table of routes: its own rows, read and written in its own scope."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    OwnRows,
    area_today,
    commit,
    district_of,
    district_only,
    gettext,
    here,
    requires,
    scope,
    service_titles,
)

from ..forms import RouteForm
from ..routing import fits, receivers_in, routes_of, write_route
from ..rulebook import rule_on
from ..words import EVERYTHING, LEVELS
from . import wide


@wide.route("/routes", methods=["GET", "POST"])
@district_only
@requires("slrt.route")
def routes() -> ResponseReturnValue:
    """Of a kabupaten only: a kecamatan has the routes of its own."""
    area, day = here(), area_today()
    district = district_of(area)
    form = RouteForm(valid_from=day, days=rule_on(day).days["dinsos"], level="dinsos")
    receivers = {str(each.id): each for each in receivers_in(area)}
    titles = service_titles()
    form.offer(list(receivers.values()), _modules(titles))
    if request.method == "POST" and form.validate():
        chosen = receivers.get(form.organisation.data or "")
        if chosen is None or fits(chosen, form.level.data):
            with scope(OwnRows(district.id)):
                write_route(district.id, form.route, current_user.id)
                commit()
            flash(gettext("Rute tersimpan."), "success")
            return redirect(url_for("slrt-wide.routes"))
        form.organisation.errors = [gettext("Lembaga itu tidak berada pada jenjang yang dipilih.")]
    page = render_template(
        "slrt/routes.html",
        form=form,
        routes=routes_of(district.id),
        receivers={each.id: each.name for each in receivers.values()},
        titles={**_modules(titles), **titles, EVERYTHING: gettext("Semua yang lain")},
        levels=LEVELS,
        usual=rule_on(day),
        today=day,
    )
    return page, 422 if request.method == "POST" else 200


def _modules(titles: Mapping[str, str]) -> dict[str, str]:
    """The modules that have services, by name."""
    names = dict.fromkeys(service.partition(".")[0] for service in titles)
    return {name: gettext("Semua layanan modul %(name)s", name=name) for name in names}
