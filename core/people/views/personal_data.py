"""What a resident may ask for: a copy of what is held about him or her, and its erasure."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.areas.code import AreaCode
from core.database.session import commit, db
from core.people.forms import ErasureForm
from core.people.models import Person
from core.people.registry import Gone, StaleRow
from core.personal_data.copying import request_copy
from core.personal_data.erasing import MayNotBeErased, erase, obstacle
from core.users.permissions import requires

from . import bp
from .residents import unerased_or_404, version_of


@bp.post("/<village:area>/people/<uuid:id>/copy")
@requires("people.copy")
def copy(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """A job makes the file; it waits with the person's other downloads, for three days."""
    export_id = request_copy(g.area, unerased_or_404(id)).id
    commit()
    return redirect(url_for("exports.show", id=export_id))


@bp.route("/<village:area>/people/<uuid:id>/erase", methods=["GET", "POST"])
@requires("people.erase")
def erase_person(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """Refused in words where something stands in the way; then nothing was changed, in core or in any plugin."""
    person = unerased_or_404(id)
    form = ErasureForm(person)
    if not form.validate_on_submit():
        return _page(form, person), 422 if form.is_submitted() else 200
    try:
        erase(g.area, id, version=version_of(form))
    except StaleRow:
        changed = _("Data warga ini baru saja diubah orang lain. Periksa lagi, lalu ulangi bila masih perlu.")
        return _refused(id, changed), 409
    except MayNotBeErased as refused:
        return _refused(id, str(refused)), 409
    except Gone:
        abort(404)
    commit()
    flash(_("Data pribadi warga ini sudah dihapus."), "success")
    return redirect(url_for("people.show", id=id))


def _refused(person_id: UUID, problem: str) -> str:
    """The page as the resident stands now; what a plugin may have blanked before another objected is back."""
    db.session.rollback()
    person = unerased_or_404(person_id)
    form = ErasureForm(person)
    form.version.data = str(person.version)
    return _page(form, person, problem)


def _page(form: ErasureForm, person: Person, problem: str = "") -> str:
    unfinished = obstacle(person) or ""
    return render_template(
        "people/erase.html", form=form, person=person, problem=problem or unfinished, blocked=bool(unfinished)
    )
