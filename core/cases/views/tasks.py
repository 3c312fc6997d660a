"""Who holds a case, and what has to be done about it by when."""

from uuid import UUID

from flask import flash, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.areas.code import AreaCode
from core.cases import progress, tasks
from core.cases.locking import current_case
from core.database.session import commit, db
from core.users.colleagues import colleagues
from core.users.permissions import requires

from . import bp
from .case import Trouble, case_page, changes_case, find_or_404, to_case
from .forms import TaskForm, version_of


@bp.post("/<village:area>/cases/<uuid:id>/assign")
@requires("cases.write")
@changes_case
def assign(area: AreaCode, id: UUID) -> ResponseReturnValue:
    case = current_case(g.area.id, id, version_of(request.form.get("version")))
    team = {str(person.id): person for person in colleagues(g.area.interval)}
    wanted = request.form.get("user", "")
    chosen = team.get(wanted)
    if wanted and chosen is None:
        db.session.rollback()
        problem = _("Orang itu tidak bertugas di sini lagi. Pilih rekan lain.")
        return case_page(find_or_404(id), Trouble(assignment=problem)), 422
    changed = progress.assign(case, chosen.id if chosen else None, chosen.name if chosen else "")
    commit()
    if changed:
        text = (
            _("Kasus sekarang dipegang %(name)s.", name=chosen.name) if chosen else _("Kasus belum dipegang siapa pun.")
        )
        flash(text, "success")
    return to_case(id)


@bp.post("/<village:area>/cases/<uuid:id>/tasks")
@requires("cases.write")
@changes_case
def add_task(area: AreaCode, id: UUID) -> ResponseReturnValue:
    case = find_or_404(id)
    form = TaskForm(colleagues(g.area.interval))
    if not form.validate() or form.due_on.data is None:
        return case_page(case, task_form=form), 422
    tasks.add_task(case, form.title.data or "", form.due_on.data, form.assignee)
    commit()
    flash(_("Tugas ditambahkan."), "success")
    return to_case(id, "tasks")


@bp.post("/<village:area>/cases/<uuid:id>/tasks/<uuid:task_id>")
@requires("cases.write")
@changes_case
def tick_task(area: AreaCode, id: UUID, task_id: UUID) -> ResponseReturnValue:
    tasks.set_task_done(find_or_404(id), task_id, done=request.form.get("done") == "1")
    commit()
    return to_case(id, "tasks")
