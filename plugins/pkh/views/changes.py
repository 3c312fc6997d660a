"""Changing a family on the list: components, pengurus, leaving, and the statement that a family signs."""

from uuid import UUID

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from core.api import (
    CaseError,
    area_today,
    commit,
    gettext,
    here,
    in_indonesian,
    pdf_answer,
    record,
    render_paper,
    requires,
)

from .. import families as domain
from ..components import COMPONENTS
from ..documents import statement_values
from ..family_forms import ComponentsForm, LeavingForm, PayeeForm, VersionedForm
from ..member_forms import chosen_in, member_forms
from ..models import KpmFamily
from ..rulebook import latest, rules
from . import bp
from .page import changes_family, family_or_404, to_family


def _to_change(id: UUID) -> KpmFamily:
    """Raises: CaseError: the family has left, so there is nothing to change."""
    found = family_or_404(id)
    if not found.active:
        raise CaseError(gettext("Keluarga ini sudah keluar dari daftar KPM PKH."))
    return found


@bp.route("/families/<uuid:id>/components", methods=["GET", "POST"])
@requires("pkh.write")
@changes_family
def components(id: UUID) -> ResponseReturnValue:
    found, today = _to_change(id), area_today()
    rule = rules.get(today) or latest
    people = domain.people_of([found])[found.id]
    held = [member for member in domain.members_of(found.village_id, [found.id])[found.id] if member.until is None]
    members = member_forms(people, held, rule, today, suggest=False)
    # Somebody who died or left the household has no form any more, so what they counted for ends with this change.
    gone = [member for member in held if member.person_id not in {form.person.id for form in members}]
    form = ComponentsForm(on=today, version=found.version)
    page = {"family": found, "form": form, "members": members, "gone": gone, "components": COMPONENTS}
    if request.method == "GET":
        return render_template("pkh/components.html", **page)
    if not all([form.validate(), *[member.validate() for member in members]]):
        return render_template("pkh/components.html", **page), 422
    chosen = chosen_in(members)
    found = domain.current_family(here().id, id, form.seen)
    changed = domain.change_components(found, chosen, form.on.data or today)
    commit()
    flash(gettext("Komponen disimpan; %(n)s berubah.", n=changed), "success")
    return to_family(id)


@bp.route("/families/<uuid:id>/payee", methods=["GET", "POST"])
@requires("pkh.write")
@changes_family
def payee(id: UUID) -> ResponseReturnValue:
    found, today = _to_change(id), area_today()
    people = domain.people_of([found])[found.id]
    form = PayeeForm(version=found.version)
    form.offer(people, today, now=found.payee_id)
    if request.method == "POST" and form.validate():
        found = domain.current_family(here().id, id, form.seen)
        domain.change_payee(found, people, UUID(form.payee.data), form.reason.data or "", today)
        commit()
        flash(gettext("Pengurus diganti. Laporkan juga ke pendamping PKH bila belum."), "success")
        return to_family(id)
    page = render_template("pkh/payee.html", family=found, form=form, doubts=_doubts(form))
    return page, 422 if request.method == "POST" else 200


def _doubts(form: PayeeForm) -> list[tuple[str, list[str]]]:
    """Members against whom something speaks, so that the clerk sees it before choosing."""
    found = [(member.name, domain.payee_doubts(member, form.family, form.on)) for member in form.offered]
    return [(name, doubts) for name, doubts in found if doubts]


@bp.route("/families/<uuid:id>/leave", methods=["GET", "POST"])
@requires("pkh.write")
@changes_family
def leave(id: UUID) -> ResponseReturnValue:
    found, today = _to_change(id), area_today()
    form = LeavingForm(on=today, version=found.version)
    if request.method == "POST" and form.validate():
        found = domain.current_family(here().id, id, form.seen)
        domain.leave(found, form.why.data, form.note.data or "", form.on.data or today)
        commit()
        flash(gettext("Keluarga keluar dari daftar KPM PKH. Riwayatnya tetap tersimpan."), "success")
        return to_family(id)
    page = render_template("pkh/leave.html", family=found, form=form)
    return page, 422 if request.method == "POST" else 200


@bp.post("/families/<uuid:id>/return")
@requires("pkh.write")
@changes_family
def undo_leaving(id: UUID) -> ResponseReturnValue:
    family_or_404(id)
    found = domain.current_family(here().id, id, VersionedForm().seen)
    domain.undo_leaving(found)
    commit()
    flash(gettext("Keluarga kembali di daftar KPM PKH."), "success")
    return to_family(id)


@bp.get("/families/<uuid:id>/graduation.pdf")
@requires("pkh.write")
def statement(id: UUID) -> ResponseReturnValue:
    """The statement of a family that can do without, to be signed by its pengurus."""
    found = family_or_404(id)
    with in_indonesian():
        values, title = statement_values(here(), found, "able"), gettext("Surat Pernyataan Graduasi Mandiri PKH")
    content = render_paper(here(), "pkh/statement.typ", title, values)
    record("pkh.statement_printed", "pkh_family", found.id)
    commit()
    return pdf_answer(content, "pernyataan-graduasi-pkh")
