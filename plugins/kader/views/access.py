"""What the one who asks may reach: a field worker her own RT/RW, the desk and the kepala desa the village."""

from collections.abc import Callable, Mapping
from functools import wraps
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    Household,
    Service,
    Stale,
    area_today,
    db,
    gettext,
    here,
    may,
    offered,
)

from ..territory import Territory, find_household, territory_of


def my_territory() -> Territory:
    return territory_of(here().id, current_user.id, area_today(), everything=may("kader.handle"))


def household_or_404(household_id: UUID) -> Household:
    """Outside one's own RT/RW there is none."""
    return find_household(my_territory(), household_id) or abort(404)


def services_here() -> Mapping[str, Service]:
    return offered(here())


def no_territory() -> str:
    """An empty page that says whom to ask."""
    return render_template("kader/no_territory.html")


View = Callable[..., ResponseReturnValue]


def refusing(back: Callable[..., str]) -> Callable[[View], View]:
    """A deed that cannot be: said on the page it came from, with 422; stale with 409.

    ``back`` gets what the view gets.
    """

    def around(view: View) -> View:
        @wraps(view)
        def answered(**values: UUID) -> ResponseReturnValue:
            try:
                return view(**values)
            except CaseError as refusal:
                problem, status = str(refusal), 422
            except Stale:
                problem = gettext(
                    "Orang lain sudah mengubahnya sejak halaman ini dibuka. Lihat isinya di bawah, lalu ulangi."
                )
                status = 409
            db.session.rollback()
            return back(problem=problem, **values), status

        return answered

    return around


def told_before(endpoint: str, id: UUID) -> ResponseReturnValue:
    """A form that was taken before, perhaps because its answer was lost on the way."""
    db.session.rollback()
    flash(gettext("Ini sudah tercatat sebelumnya."), "success")
    return redirect(url_for(endpoint, id=id))
