"""The call list, one person of it, calls, and the case that is opened upon one."""

from datetime import date
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    Case,
    answers_of,
    area_today,
    colleagues,
    commit,
    gettext,
    here,
    in_indonesian,
    may,
    pdf_answer,
    record,
    render_paper,
    requires,
    told_on_page,
)

from .. import calls as domain
from ..forms import ReactivationForm
from ..listing import MOST_CHOSEN, SHOWN, Filter, all_lines, counts_of, find_line, page_of
from ..mass_cases import known_answers, open_from
from ..mass_forms import AssignForm, CallForm, PlaceForm, VersionedForm, ids_in
from ..models import Line
from ..progress import progress_in
from ..services import reactivation
from ..sheet import paper_values, sheet
from . import bp

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def line_or_404(line_id: UUID) -> Line:
    return find_line(here().id, line_id) or abort(404)


def to_line(line_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("pbi_jk.line", id=line_id))


def wanted_now() -> Filter:
    show = request.values.get("show", "call")
    mine = current_user.id if request.values.get("mine") else None
    return Filter(show if show in SHOWN else "call", request.values.get("q", "").strip()[:80], mine)


@bp.get("/")
@requires("pbi_jk.lists")
def index() -> ResponseReturnValue:
    return list_of_calls()


def list_of_calls(problem: str = "") -> str:
    """A fixed number of queries, however long the page is."""
    wanted, today = wanted_now(), area_today()
    assign = AssignForm(formdata=None)
    assign.offer(colleagues(here().interval))
    return render_template(
        "pbi_jk/index.html",
        page=page_of(here().id, wanted, request.args.get("after"), today),
        wanted=wanted,
        shown=SHOWN,
        counts=counts_of(here().id, today, wanted.mine),
        progress=progress_in(here()),
        results=domain.RESULTS,
        states=reactivation.workflow,
        assign=assign,
        problem=problem,
    )


@bp.post("/assign")
@requires("pbi_jk.import")
def assign() -> ResponseReturnValue:
    form = AssignForm()
    form.offer(colleagues(here().interval))
    chosen = ids_in(request.form.getlist("line"), MOST_CHOSEN)
    if not chosen or not form.validate():
        return list_of_calls(gettext("Pilih dulu orangnya dan petugasnya.")), 422
    changed = domain.assign(here().id, chosen, form.team.get(form.to.data or ""))
    commit()
    flash(gettext("%(n)s orang ditugaskan.", n=changed), "success")
    wanted = wanted_now()
    return redirect(url_for("pbi_jk.index", show=wanted.show))


# ---- one person ----


def line_page(found: Line, problem: str = "", form: CallForm | None = None) -> str:
    team = {each.id: each.name for each in colleagues(here().interval)}
    return render_template(
        "pbi_jk/line.html",
        line=found,
        form=form or CallForm(formdata=None, version=found.version),
        calls=domain.calls_of(found),
        results=domain.RESULTS,
        wanting=domain.WANTING,
        states=reactivation.workflow,
        team=team,
        problem=problem,
    )


def _moved_on() -> str:
    return gettext("Orang lain baru saja mengubah baris ini. Periksa keadaannya sekarang, lalu ulangi.")


changes_line = told_on_page(lambda id, problem: line_page(line_or_404(id), problem), _moved_on)


@bp.route("/lines/<uuid:id>", methods=["GET", "POST"])
@requires("pbi_jk.lists")
@changes_line
def line(id: UUID) -> ResponseReturnValue:
    found = line_or_404(id)
    if request.method == "GET":
        return line_page(found)
    if not may("pbi_jk.call"):
        abort(403)
    form = CallForm()
    if not form.validate():
        return line_page(found, form=form), 422
    found = domain.current_line(here().id, id, form.seen)
    answer = domain.Answer(form.result.data, form.note.data or "", form.next_call.data)
    domain.write_call(found, answer, current_user.id, current_user.name)
    opens = found.case_id is None and found.person_id is not None and not found.doubtful
    commit()
    flash(gettext("Hasil panggilan dicatat."), "success")
    if answer.result == "in_care" and opens and may("cases.write"):
        return redirect(url_for("pbi_jk.case", id=id))  # it cannot wait until somebody comes by this list again
    return to_line(id)


@bp.post("/lines/<uuid:id>/undo")
@requires("pbi_jk.call")
@changes_line
def undo_call(id: UUID) -> ResponseReturnValue:
    line_or_404(id)
    domain.undo_call(domain.current_line(here().id, id, VersionedForm().seen))
    commit()
    flash(gettext("Catatan panggilan terakhir diurungkan."), "success")
    return to_line(id)


@bp.post("/lines/<uuid:id>/same/<answer>")
@requires("pbi_jk.import")
@changes_line
def same(id: UUID, answer: str) -> ResponseReturnValue:
    if answer not in ("yes", "no"):
        abort(404)
    line_or_404(id)
    domain.say_who(domain.current_line(here().id, id, VersionedForm().seen), same=answer == "yes")
    commit()
    return to_line(id)


@bp.route("/lines/<uuid:id>/case", methods=["GET", "POST"])
@requires("cases.write")
@changes_line
def case(id: UUID) -> ResponseReturnValue:
    """The intake of a reactivation with everything filled in that the list and the call have told."""
    found = line_or_404(id)
    if found.case_id is not None:
        return redirect(url_for("cases.show", id=found.case_id))
    answers = ReactivationForm(request.form if request.method == "POST" else None, data=known_answers(found))
    form = PlaceForm(version=found.version, phone=found.person.phone if found.person else "")
    if request.method == "POST" and all([answers.validate(), form.validate()]):
        domain.current_line(here().id, id, form.seen)
        opened = open_from(
            here(), line_or_404(id), answers_of(answers), form.phone.data or "", notice=form.privacy_notice_given.data
        )
        return _opened(opened)
    page = render_template("pbi_jk/open_case.html", line=found, answers=answers, form=form, service=reactivation)
    return page, 422 if request.method == "POST" else 200


def _opened(opened: Case) -> ResponseReturnValue:
    case_id, ticket = opened.id, opened.ticket
    commit()
    flash(gettext("Kasus %(ticket)s dibuka.", ticket=ticket), "success")
    return redirect(url_for("cases.show", id=case_id))


# ---- to print, to pass on ----


@bp.get("/calls.pdf")
@requires("pbi_jk.lists")
def printed() -> ResponseReturnValue:
    """The list to go from door to door with; results are written on it by hand."""
    wanted, today = wanted_now(), area_today()
    lines = all_lines(here().id, wanted, today)
    with in_indonesian():
        values, title = paper_values(lines, wanted.show), gettext("Daftar Panggilan PBI-JK Nonaktif")
    content = render_paper(here(), "pbi_jk/calls.typ", title, values)
    record("pbi_jk.calls_printed", "pbi_jk_list", wanted.show, members=len(lines))
    commit()
    return pdf_answer(content, f"daftar-panggilan-pbi-{date.isoformat(today)}")


@bp.get("/pbi-nonaktif.xlsx")
@requires("pbi_jk.lists")
def download() -> ResponseReturnValue:
    """Everybody on the lists; the NIK in full only for who may see it so anyway, and the audit says which it was."""
    today, full_nik = area_today(), may("people.nik")
    lines = all_lines(here().id, Filter("all"), today)
    file = sheet(lines, reactivation.workflow, full_nik=full_nik)
    record("pbi_jk.list_downloaded", "pbi_jk_list", here().code, members=len(lines), full_nik=full_nik)
    commit()
    return send_file(
        file, mimetype=XLSX, as_attachment=True, download_name=f"pbi-nonaktif-{here().code}-{today.isoformat()}.xlsx"
    )
