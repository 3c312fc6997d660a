"""The village's houses: the list, one of them, beginning, changing, handing over, and those aided before."""

from uuid import UUID

from flask import abort, flash, render_template, request
from flask.typing import ResponseReturnValue

from core.api import (
    Case,
    CaseError,
    Stale,
    area_today,
    commit,
    db,
    gettext,
    here,
    my_permissions,
    requires,
)

from .. import works as domain
from ..models import RtlhWork
from ..report import report_of
from ..rulebook import KINDS, aid_rules
from ..services import repair
from ..spending import spent_on
from ..work_forms import EarlierForm, HandOverForm, WorkForm
from ..works import SHOWN
from . import bp
from .page import changes_work, moved_on, to_work, work_or_404, work_page


@bp.get("/")
@requires("rtlh.read")
def index() -> ResponseReturnValue:
    """A fixed number of queries, however long the page is."""
    show = request.args.get("show", SHOWN[0])
    show = show if show in SHOWN else SHOWN[0]
    page = domain.page_of(here().id, show, request.args.get("after"))
    return render_template(
        "rtlh/index.html",
        page=page,
        show=show,
        spent=spent_on(here().id, [row.id for row in page.rows]),
        waiting=domain.waiting_cases(here().id) if page.is_first and show == "open" else (),
        report=report_of(here().id, area_today().year),
    )


@bp.get("/works/<uuid:id>")
@requires("rtlh.read")
def work(id: UUID) -> ResponseReturnValue:
    return work_page(work_or_404(id))


@bp.route("/cases/<uuid:id>/begin", methods=["GET", "POST"])
@requires("rtlh.write")
def begin(id: UUID) -> ResponseReturnValue:
    """The works of a granted case; the budget is proposed by the rule of the day on which they begin."""
    case = db.session.get(Case, (here().id, id))
    if case is None or case.service != repair.name:
        abort(404)
    rule = aid_rules.get(area_today()) or aid_rules.all[-1]
    form = WorkForm(begun_on=area_today(), **{kind: rule.budget[kind] for kind in KINDS})
    if request.method == "GET":
        return _begin_page(case, form)
    if not form.validate():
        return _begin_page(case, form), 422
    try:
        made_id = domain.begin(here(), case, form.input, my_permissions()).id
    except CaseError as problem:
        db.session.rollback()
        return _begin_page(db.session.get_one(Case, (here().id, id)), form, str(problem)), 422
    commit()
    flash(gettext("Pekerjaan tercatat. Foto dulu keadaan nol persen."), "success")
    return to_work(made_id)


def _begin_page(case: Case, form: WorkForm, problem: str = "") -> str:
    return render_template("rtlh/work_form.html", form=form, case=case, work=None, problem=problem)


@bp.route("/works/<uuid:id>/edit", methods=["GET", "POST"])
@requires("rtlh.write")
@changes_work
def edit(id: UUID) -> ResponseReturnValue:
    found, form = work_or_404(id), WorkForm()
    if request.method == "GET":
        form.show(found)
        return _edit_page(found, form)
    try:
        found = domain.open_work(here().id, id, form.seen)
    except Stale:
        db.session.rollback()
        return _edit_page(work_or_404(id), form, moved_on()), 409
    if not form.validate():
        return _edit_page(found, form), 422
    domain.change(found, form.input)
    commit()
    flash(gettext("Disimpan."), "success")
    return to_work(id)


def _edit_page(found: RtlhWork, form: WorkForm, problem: str = "") -> str:
    """What somebody else has changed meanwhile stands beside what was typed."""
    stored = WorkForm(formdata=None)
    stored.show(found)
    others = [
        (field.label.text, stored[field.name].data)
        for field in form
        if problem and field.name != "version" and str(stored[field.name].data) != str(field.data)
    ]
    form.version.data = str(found.version)
    return render_template("rtlh/work_form.html", form=form, case=None, work=found, problem=problem, others=others)


@bp.route("/works/<uuid:id>/hand-over", methods=["GET", "POST"])
@requires("rtlh.write")
@changes_work
def hand_over(id: UUID) -> ResponseReturnValue:
    found, form = work_or_404(id), HandOverForm(on=area_today())
    if request.method == "GET":
        form.version.data = str(found.version)
        return render_template("rtlh/hand_over.html", work=found, form=form)
    if not form.validate():
        return render_template("rtlh/hand_over.html", work=found, form=form), 422
    held = domain.open_work(here().id, id, form.seen)
    domain.hand_over(here(), held, form.on.data or area_today(), form.note.data or "", my_permissions())
    commit()
    flash(
        gettext("Serah terima tercatat. Beri tahu warga lewat kasusnya, lalu cetak laporan akhir."),
        "success",
    )
    return to_work(id)


@bp.route("/earlier", methods=["GET", "POST"])
@requires("rtlh.write")
def earlier() -> ResponseReturnValue:
    """A house without a case here, aided before by whomever."""
    form = EarlierForm()
    if request.method == "GET":
        return render_template("rtlh/earlier.html", form=form)
    if not form.validate():
        return render_template("rtlh/earlier.html", form=form), 422
    try:
        person = domain.resident_with(here().id, form.nik.data or "")
    except CaseError as problem:
        form.nik.errors = [str(problem)]
        return render_template("rtlh/earlier.html", form=form), 422
    begun_on, amount = form.begun_on.data or area_today(), form.amount.data or 0
    made_id = domain.note_earlier(person, form.source.data or "", begun_on, form.handed_on.data, amount).id
    commit()
    flash(gettext("Tercatat. Peringatannya muncul bila keluarga ini diusulkan lagi."), "success")
    return to_work(made_id)
