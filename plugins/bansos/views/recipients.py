"""A distribution's list by hand: adding residents, one recipient, striking off and putting back."""

from uuid import UUID

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from core.api import Page, Person, area_today, commit, gettext, here, ngettext, people_page, requires

from .. import recipients as domain
from ..distribution_forms import ReasonForm, ResidentsForm
from ..distributions import current
from ..documents import place_of
from ..models import AidDistribution, AidRecipient
from . import bp
from .page import (
    changes_distribution,
    changes_recipient,
    open_or_404,
    posted_version,
    recipient_or_404,
    recipient_page,
    to_distribution,
    to_recipient,
)


@bp.route("/distributions/<uuid:id>/residents", methods=["GET", "POST"])
@requires("bansos.write")
@changes_distribution
def add(id: UUID) -> ResponseReturnValue:
    """Search, tick, add: one page of residents at a time."""
    found, search = open_or_404(id), request.args.get("q", "").strip()[:80]
    page = people_page(here().id, search, request.args.get("after"))
    form, listed = ResidentsForm(), domain.on_list(found, [person.id for person in page.rows])
    form.people.choices = [(str(p.id), _choice(p)) for p in page.rows if p.id not in listed and _lives_here(p)]
    if request.method == "GET":
        return _add_page(found, form, page, search, len(listed))
    if not form.validate():
        return _add_page(found, form, page, search, len(listed)), 422
    added = domain.add(current(here().id, id), [UUID(key) for key in form.people.data or ()])
    commit()
    flash(ngettext("%(num)s penerima ditambahkan.", "%(num)s penerima ditambahkan.", added), "success")
    return to_distribution(id)


def _lives_here(person: Person) -> bool:
    return person.life_status not in domain.NOT_HERE


def _choice(person: Person) -> str:
    return gettext(
        "%(name)s, %(place)s, lahir %(year)s",
        name=person.name,
        place=place_of(person.household),
        year=person.birth_date.year,
    )


def _add_page(found: AidDistribution, form: ResidentsForm, page: Page[Person], search: str, listed: int) -> str:
    return render_template("bansos/add.html", distribution=found, form=form, page=page, search=search, listed=listed)


@bp.get("/recipients/<uuid:id>")
@requires("bansos.read")
def recipient(id: UUID) -> ResponseReturnValue:
    return recipient_page(recipient_or_404(id))


@bp.route("/recipients/<uuid:id>/strike", methods=["GET", "POST"])
@requires("bansos.write")
@changes_recipient
def strike(id: UUID) -> ResponseReturnValue:
    found, form = recipient_or_404(id), ReasonForm()
    if request.method == "GET":
        form.version.data = str(found.version)
    elif form.validate():
        domain.strike(_held(found, form.seen), form.reason.data or "", area_today())
        commit()
        flash(gettext("Penerima dicoret dari daftar. Ia tetap terlihat beserta alasannya."), "success")
        return to_recipient(id)
    page = render_template("bansos/strike.html", recipient=found, distribution=found.distribution, form=form)
    return page, 422 if request.method == "POST" else 200


@bp.post("/recipients/<uuid:id>/restore")
@requires("bansos.write")
@changes_recipient
def restore(id: UUID) -> ResponseReturnValue:
    domain.restore(_held(recipient_or_404(id), posted_version()))
    commit()
    flash(gettext("Penerima kembali di daftar."), "success")
    return to_recipient(id)


def _held(found: AidRecipient, version: int) -> AidRecipient:
    """The distribution first, as a handover holds them."""
    current(here().id, found.distribution_id)
    return domain.current_recipient(here().id, found.id, version)
