"""Rate limits, for the few pages that a stranger could use to guess something, and the one large upload."""

from collections.abc import Callable
from typing import TypeVar

from flask import current_app, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

View = TypeVar("View", bound=Callable)

limiter = Limiter(get_remote_address, headers_enabled=True)


@limiter.request_filter
def off() -> bool:
    """The limiter is one for the process; of two applications in it, as in tests, each has its own say."""
    return not current_app.config["RATELIMIT_ENABLED"]


def takes_an_archive(view: View) -> View:
    """Declare that a view takes a file as large as ``MAX_ARCHIVE_MB`` says."""
    view.__dict__["takes_an_archive"] = True
    return view


def allow_large_upload() -> None:
    """Before the form is read, which the check of its token does before anybody is known; hence only with a session
    that a sign-in has left: a stranger cannot fill the disk."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_an_archive", False) and "_user_id" in session:
        request.max_content_length = current_app.extensions["puskesos"].config.max_archive_bytes
