"""One page for all forms, and the way of an edit: what somebody else has changed is shown, and nothing is lost."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.api import CaseError, Stale, VersionedForm, VillageOwned, commit, current_row, db, gettext, here

Row = TypeVar("Row", bound=VillageOwned)


def moved_on() -> str:
    return gettext("Orang lain baru saja mengubahnya. Periksa keadaannya sekarang, lalu ulangi.")


def form_page(form: Any, title: str, back: str, **more: Any) -> str:
    """``more``: crumbs, lead, stored (pairs), problem, upload (a file goes along)."""
    return render_template("partnership/form.html", form=form, title=title, back=back, **more)


def enter(form: Any, title: str, back: str, save: Callable[[], str], done: str, **more: Any) -> ResponseReturnValue:
    """A form that makes something new: ``save`` returns where to go then."""
    if request.method == "GET":
        return form_page(form, title, back, **more)
    if not form.validate():
        return form_page(form, title, back, **more), 422
    try:
        target = save()
        commit()
    except CaseError as problem:
        db.session.rollback()
        return form_page(form, title, back, problem=str(problem), **more), 422
    flash(done, "success")
    return redirect(target)


def edit(  # noqa: PLR0917 - in the order in which the page has them
    model: type[Row],
    row_id: UUID,
    form: VersionedForm,
    title: str,
    back: str,
    save: Callable[[Row], object],
    done: str,
    **more: Any,
) -> ResponseReturnValue:
    """A form about a row as the page showed it."""
    if request.method == "GET":
        return form_page(form, title, back, **more)
    if not form.validate():
        return form_page(form, title, back, **more), 422
    try:
        held = current_row(model, here().id, row_id, form.seen)
        if held is None:
            abort(404)
        save(held)
        commit()
    except CaseError as problem:
        db.session.rollback()
        return form_page(form, title, back, problem=str(problem), **more), 422
    except Stale:
        db.session.rollback()
        stored = stored_now(model, row_id, form)
        return form_page(form, title, back, problem=moved_on(), stored=stored, **more), 409
    flash(done, "success")
    return redirect(back)


def stored_now(model: type[Row], row_id: UUID, form: Any) -> list[tuple[str, Any]]:
    """What stands there now where the form says something else; sent again, the form is meant."""
    row: Any = db.session.get(model, (here().id, row_id)) or abort(404)
    form.version.data = str(row.version)
    found = []
    for field in form:
        if field.short_name in ("version", "file") or not hasattr(row, field.short_name):
            continue
        stored = getattr(row, field.short_name)
        if (stored or "") != (field.data or ""):
            titles = {str(c.value): c.label for c in getattr(field, "choices", None) or ()}
            found.append((field.label.text, titles.get(str(stored), stored) if stored else "–"))
    return found
