"""Verifying commitments: a family's month, and the form to take along."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    area_today,
    commit,
    gettext,
    here,
    in_indonesian,
    month_name,
    pdf_answer,
    record,
    render_paper,
    requires,
)

from .. import checks as domain
from .. import families
from ..components import COMPONENTS
from ..documents import form_values
from ..family_forms import CheckForm, VersionedForm
from ..listing import all_rows
from ..models import KpmFamily
from ..rulebook import Month, latest, rules
from . import bp
from .page import changes_family, family_or_404, to_family


@bp.route("/families/<uuid:id>/checks/<int:year>/<int:month>", methods=["GET", "POST"])
@requires("pkh.verify")
@changes_family
def check(id: UUID, year: int, month: int) -> ResponseReturnValue:
    found = family_or_404(id)
    chosen = _month_or_404(year, month)
    if chosen > Month.of(area_today()):
        raise CaseError(domain.not_yet(chosen))
    members = families.members_of(found.village_id, [found.id])[found.id]
    owing = domain.owing_in(members, chosen)
    there = domain.checks_in(found.village_id, [member.id for member in owing], year)
    rule = rules.get(chosen.first_day) or latest
    forms = [
        CheckForm(member, domain.terms_of(member.component, rule), chosen, there.get(member.id, {}).get(chosen))
        for member in owing
    ]
    form = VersionedForm(version=found.version)
    valid = [each.validate() for each in forms] if request.method == "POST" else [False]  # each is asked
    if all(valid):
        return _write(found, form.seen, forms, chosen)
    page = render_template(
        "pkh/check.html",
        family=found,
        form=form,
        forms=forms,
        month=chosen,
        components=COMPONENTS,
        month_name=month_name,
    )
    return page, 422 if request.method == "POST" else 200


def _write(found: KpmFamily, seen: int, forms: list[CheckForm], month: Month) -> ResponseReturnValue:
    entries = {form.member.id: form.input for form in forms}
    found = families.current_family(here().id, found.id, seen)
    members = families.members_of(found.village_id, [found.id])[found.id]
    domain.write_month(found, members, month, entries, by=current_user.id, today=area_today())
    family_id = found.id
    commit()
    flash(gettext("Verifikasi %(month)s disimpan.", month=month_name(month.number)), "success")
    if request.form.get("then") == "list":
        return redirect(url_for("pkh.index", show="unchecked"))
    return to_family(family_id, "checks")


@bp.get("/checks/<int:year>/<int:month>/<kind>.pdf")
@requires("pkh.verify")
def form(year: int, month: int, kind: str) -> ResponseReturnValue:
    """The list to write on by hand, of all who owe visits, attendance or care in a month."""
    if kind not in domain.KINDS:
        abort(404)
    chosen = _month_or_404(year, month)
    members = [
        (member, row.family.household)
        for row in all_rows(here().id, area_today())
        for member in domain.owing_in(row.members, chosen)
    ]
    with in_indonesian():
        values, title = form_values(members, chosen, kind), gettext("Formulir Verifikasi Komitmen PKH")
    content = render_paper(here(), "pkh/form.typ", title, values)
    record("pkh.form_printed", "pkh_list", kind, month=str(chosen), members=len(values["lines"]))
    commit()
    return pdf_answer(content, f"verifikasi-pkh-{chosen}-{kind}")


def _month_or_404(year: int, month: int) -> Month:
    if not (2000 <= year <= area_today().year + 1 and 1 <= month <= 12):
        abort(404)
    return Month(year, month)
