"""Answers that many pages give in the same way."""

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from pathlib import Path
from uuid import UUID

from flask import Response, make_response, send_file
from flask.typing import ResponseReturnValue

from core.cases.errors import CaseError
from core.database.session import db
from core.database.versions import Stale

View = Callable[..., ResponseReturnValue]


def told_on_page(page: Callable[[UUID, str], str], moved_on: Callable[[], str]) -> Callable[[View], View]:
    """For views that change something with an ``id``: what stands in the way is told on its page, and nothing is kept.

    Args:
        page: makes the page of an id with a sentence about what did not work.
        moved_on: the sentence for who was on a page that somebody else has overtaken.

    A ``CaseError`` answers 422, a ``Stale`` one 409.
    """

    def around(view: View) -> View:
        @wraps(view)
        def guarded(id: UUID, **values: object) -> ResponseReturnValue:
            try:
                return view(id=id, **values)
            except CaseError as problem:
                db.session.rollback()
                return page(id, str(problem)), 422
            except Stale:
                db.session.rollback()
                return page(id, moved_on()), 409

        return guarded

    return around


def pdf_answer(content: bytes, name: str) -> Response:
    """A paper that is made anew each time, and kept by no browser; ``name`` is that of the file, without its ending."""
    answer = send_file(BytesIO(content), mimetype="application/pdf", download_name=f"{name}.pdf")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def private_page(page: str, status: int = 200) -> Response:
    """A public page that is one person's: never kept and never listed, since its address or its form is a secret.

    The referrer stays as everywhere (same origin): without it the check of the CSRF token refuses the form over HTTPS.
    """
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def stored_file(path: Path, media_type: str, name: str) -> Response:
    """A kept file, to be looked at and not run: whatever stands in it, nothing is loaded or executed."""
    response = send_file(path, mimetype=media_type, download_name=name, conditional=False)
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
    response.headers["Cache-Control"] = "no-store"
    return response
