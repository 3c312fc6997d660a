"""One case: everything about it on a page, and the slip that the resident takes home."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from uuid import UUID

from flask import abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from core.areas.code import AreaCode
from core.audit import record
from core.cases.casefile import CaseFile, TimelineEntry, load_case_file, timeline_entries
from core.cases.catalogue import find_service
from core.cases.errors import CaseError, StaleCase
from core.cases.events import details
from core.cases.letters import may_revoke
from core.cases.locking import events_since, find_case
from core.cases.models import Case
from core.database.session import commit, db
from core.meetings.of_case import last_hearing
from core.users.colleagues import names_of
from core.users.permissions import requires
from core.web.panels import panels
from core.web.urls import public_url

from . import bp
from .forms import TaskForm


@dataclass(frozen=True)
class Trouble:
    """What did not work, for the page that is shown again.

    Attributes:
        text: what happened, at the head of the page; blank when it stands beside a field.
        paper: key of the paper that it is about, with the message beside it.
        meanwhile: what others did since the clerk's page was made.
        typed: what the clerk had written and would have to write again.
    """

    text: str = ""
    paper: tuple[str, str] | None = None
    assignment: str = ""
    meanwhile: Sequence[TimelineEntry] = field(default=())
    typed: str = ""


def find_or_404(case_id: UUID) -> Case:
    case = find_case(g.area.id, case_id)
    if case is None:
        abort(404)
    return case


def load(case: Case) -> CaseFile:
    return load_case_file(g.area, case, g.permissions)


def to_case(case_id: UUID, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("cases.show", id=case_id, _anchor=anchor))


def changes_case(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """What stands in the way of a change is told on the case's page, and nothing of it is kept."""

    @wraps(view)
    def guarded(area: AreaCode, id: UUID, **values: object) -> ResponseReturnValue:
        try:
            return view(area=area, id=id, **values)
        except CaseError as problem:
            db.session.rollback()
            return case_page(find_or_404(id), Trouble(str(problem))), 422
        except StaleCase as stale:
            db.session.rollback()
            return moved_on(id, stale.version), 409

    return guarded


def moved_on(case_id: UUID, version: int, typed: str = "") -> str:
    """Somebody was faster: what happened meanwhile, before the clerk decides again."""
    case = find_or_404(case_id)
    text = _("Orang lain sudah mengubah kasus ini. Inilah keadaannya sekarang; periksa, lalu putuskan lagi.")
    return case_page(case, Trouble(text, meanwhile=meanwhile(case, version), typed=typed))


def meanwhile(case: Case, version: int) -> list[TimelineEntry]:
    """What others did to the case after the page with ``version``, in words."""
    if version < 1:
        return []
    events = events_since(case, version)
    names = names_of({event.by for event in events if event.by})
    return timeline_entries(events, find_service(case.service), names)


def case_page(case: Case, trouble: Trouble | None = None, *, task_form: TaskForm | None = None) -> str:
    file = load(case)
    return render_template(
        "cases/show.html",
        file=file,
        case=case,
        trouble=trouble or Trouble(),
        hearing=last_hearing(case)
        if file.service and file.service.meeting and "meetings.read" in g.permissions
        else None,
        panels=panels("case_panels", case=case),
        task_form=task_form or TaskForm(file.team, formdata=None, assigned_to=str(current_user.id)),
        details=details,
        may_revoke=lambda letter: may_revoke(letter, g.permissions),
    )


@bp.get("/<village:area>/cases/<uuid:id>")
@requires("cases.read")
def show(area: AreaCode, id: UUID) -> ResponseReturnValue:
    return case_page(find_or_404(id))


@bp.get("/<village:area>/cases/<uuid:id>/receipt")
@requires("cases.read")
def receipt(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """The slip that the resident takes home: ticket, what is still missing, when to ask, QR code to the status page."""
    record("cases.receipt_printed", "case", find_or_404(id).id)
    commit()
    file = load(find_or_404(id))
    status = public_url("cases.status", ticket=file.ticket)
    return render_template("cases/receipt.html", file=file, case=file.case, status_url=status)
