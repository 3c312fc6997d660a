"""The log of SIKS-NG: the list, one entry with its statuses, taking one down, the sheet."""

from datetime import date
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from core.api import (
    Case,
    Person,
    Stale,
    area_today,
    commit,
    db,
    find_person,
    gettext,
    here,
    may,
    record,
    requires,
)

from .. import entries as domain
from ..entries import WHAT, EntryInput, Filter
from ..models import KeyedEntry
from ..page_forms import EntryForm, StatusForm
from ..settings import suggested_statuses
from ..sheet import log_sheet
from . import bp
from .months import XLSX


def wanted() -> Filter:
    """What the address asks for; a day that is none is not asked for."""
    what = request.args.get("what", "")
    return Filter(
        what=what if what in WHAT else "",
        status=request.args.get("status", "").strip()[:80],
        name=request.args.get("q", "").strip()[:80],
        first=_day("first"),
        last=_day("last"),
    )


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _asked(found: Filter) -> dict[str, str]:
    """The filter as an address has it."""
    days = {"first": found.first, "last": found.last}
    texts = {"what": found.what, "status": found.status, "q": found.name}
    return {
        **{key: text for key, text in texts.items() if text},
        **{key: day.isoformat() for key, day in days.items() if day},
    }


@bp.get("/log")
@requires("dtsen.read")
def log() -> ResponseReturnValue:
    found = wanted()
    page = domain.entries_page(here().id, found, request.args.get("after"))
    return render_template(
        "dtsen/log.html",
        page=page,
        filter=found,
        asked=_asked(found),
        what=WHAT,
        suggestions=suggested_statuses(here()),
    )


@bp.get("/log.xlsx")
@requires("dtsen.read")
def log_file() -> ResponseReturnValue:
    """What the list shows with its filter, all pages. The NIK in full only for who may see it so anyway."""
    entries, full_nik = domain.all_entries(here().id, wanted()), may("people.nik")
    sheet = log_sheet(entries, full_nik=full_nik)
    record("dtsen.log_downloaded", "log", "", entries=len(entries), full_nik=full_nik)
    commit()
    name = f"siks-ng-{here().code}-{area_today():%Y-%m-%d}.xlsx"
    return send_file(sheet, mimetype=XLSX, as_attachment=True, download_name=name)


@bp.route("/people/<uuid:id>/log/new", methods=["GET", "POST"])
@requires("dtsen.write")
def new_entry(id: UUID) -> ResponseReturnValue:
    """``case=<id>``: what it is about; its own answers are the beginning."""
    person = find_person(here().id, id)
    if person is None or person.erased:
        abort(404)
    case = _case_of(person)
    form = EntryForm(keyed_on=area_today(), keyed_by=current_user.name, **_beginning(case))
    page = {"form": form, "person": person, "case": case, "suggestions": suggested_statuses(here())}
    if request.method == "GET":
        return render_template("dtsen/entry_new.html", **page)
    if not form.validate():
        return render_template("dtsen/entry_new.html", **page), 422
    given = EntryInput(
        form.what.data,
        form.detail.data or "",
        form.keyed_on.data or area_today(),
        form.keyed_by.data or "",
        form.status.data or "",
    )
    made_id = domain.write_down(person, case, given, current_user.id).id
    commit()
    flash(gettext("Isian SIKS-NG tercatat."), "success")
    return redirect(url_for("dtsen.entry", id=made_id))


def _case_of(person: Person) -> Case | None:
    """The case that the address names; 404 for somebody else's."""
    text = request.args.get("case")
    if not text:
        return None
    try:
        case_id = UUID(text)
    except ValueError:
        abort(404)
    query = select(Case).where(Case.village_id == person.village_id, Case.id == case_id, Case.person_id == person.id)
    return db.session.scalar(query) or abort(404)


def _beginning(case: Case | None) -> dict[str, str]:
    if case is None:
        return {}
    if case.service == "dtsen.objection":
        return {"what": "objection"}
    return {"what": case.data.get("change", "")} if case.service == "dtsen.proposal" else {"what": "aid"}


def entry_or_404(entry_id: UUID) -> KeyedEntry:
    return domain.find_entry(here().id, entry_id) or abort(404)


@bp.route("/log/<uuid:id>", methods=["GET", "POST"])
@requires("dtsen.read")
def entry(id: UUID) -> ResponseReturnValue:
    found = entry_or_404(id)
    form = StatusForm(seen_on=area_today(), version=found.version)
    if request.method == "GET":
        return _entry_page(found, form)
    if not may("dtsen.write"):
        abort(403)
    if not form.validate():
        return _entry_page(found, form), 422
    try:
        domain.note_status(
            here().id,
            id,
            form.seen,
            form.status.data or "",
            form.seen_on.data or area_today(),
            form.note.data or "",
            current_user.id,
        )
    except Stale:
        db.session.rollback()
        found = entry_or_404(id)
        form.version.data = str(found.version)
        problem = gettext(
            "Orang lain baru saja mencatat “%(status)s”. Isian Anda belum disimpan; periksa, lalu simpan lagi.",
            status=found.status or "–",
        )
        return _entry_page(found, form, problem), 409
    commit()
    flash(gettext("Status tercatat."), "success")
    return redirect(url_for("dtsen.entry", id=id))


def _entry_page(found: KeyedEntry, form: StatusForm, problem: str = "") -> str:
    return render_template(
        "dtsen/entry.html",
        entry=found,
        form=form,
        statuses=domain.statuses_of(found),
        what=WHAT,
        suggestions=suggested_statuses(here()),
        problem=problem,
    )
