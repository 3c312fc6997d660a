"""The desk's capacity: what the record says, what a change would do, and the paper that proposes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from core.api import (
    area_today,
    commit,
    gettext,
    here,
    in_indonesian,
    names_of,
    pdf_answer,
    record,
    render_paper,
    requires,
)

from . import capacity_texts
from .capacity_figures import ENOUGH, Capacity, capacity_of
from .capacity_forms import CapacityForm
from .capacity_plans import Comparison, NotEnough, compare
from .capacity_proposal import proposal_title, proposal_values
from .views import bp

PERIOD = ("first", "last")


@dataclass
class Asked:
    """A filled-in form, the record of its period, what was asked as it stands in the address, and the comparison: None
    where none was asked for or something is wrong."""

    form: CapacityForm
    capacity: Capacity
    query: Mapping[str, Any]
    comparison: Comparison | None = None


@bp.get("/capacity")
@requires("queue.capacity")
def capacity() -> ResponseReturnValue:
    asked = _asked()
    page = render_template(
        "queue/capacity.html",
        **vars(asked),
        texts=capacity_texts,
        enough=ENOUGH,
        changes=capacity_texts.change_words(asked.form.changes) if asked.comparison else [],
    )
    return page, 422 if asked.form.errors else 200


@bp.get("/capacity.pdf")
@requires("queue.capacity")
def capacity_proposal() -> ResponseReturnValue:
    """The paper of the same address; back to the page where there is nothing to propose."""
    with in_indonesian():
        asked = _asked()
        if asked.comparison is None or asked.form.changes.none:
            flash(gettext("Isi dulu apa yang hendak diubah."), "error")
            return redirect(url_for("queue.capacity", **asked.query))
        changes = asked.form.changes
        who = names_of({current_user.id}).get(current_user.id, "")
        title = proposal_title(changes)
        values = proposal_values(asked.capacity, changes, asked.comparison, who)
        content = render_paper(here(), "queue/capacity_proposal.typ", title, values)
    first, last = asked.form.period
    record("queue.capacity_proposed", "queue_capacity", f"{first}/{last}")
    commit()
    return pdf_answer(content, "usulan-kapasitas")


def _asked() -> Asked:
    form = CapacityForm(MultiDict({name: value for name, value in request.args.items() if value}))
    form.today = area_today()
    valid = form.validate()
    period = form.period
    query = {name: request.args[name] for name in form.data if request.args.get(name)}
    found = Asked(form, capacity_of(here(), *period), query)
    if not (form.first.errors or form.last.errors):
        form.first.data, form.last.data = period
    if valid and query.keys() - set(PERIOD):
        try:
            found.comparison = compare(found.capacity, form.assumptions, form.changes)
        except NotEnough as problem:
            for name in problem.names:
                form[name].errors = [gettext("Catatan belum cukup untuk angka ini. Isi perkiraan.")]
    return found
