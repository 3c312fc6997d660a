"""The pages of cases: the list, the intake, one case, its papers and letters, and what the public may open."""

from flask import Blueprint, abort, request

bp = Blueprint("cases", __name__)


@bp.before_request
def refuse_nul() -> None:
    """No text of PostgreSQL can hold the character NUL, and no person types it."""
    texts = [*request.args.values(), *request.form.values(), *map(str, (request.view_args or {}).values())]
    texts += [file.filename or "" for file in request.files.values()]
    if any("\0" in text for text in texts):
        abort(400)


from . import case, documents, edit, intake, letters, lists, public, steps, tasks  # noqa: E402, F401 - they put their views on ``bp``
