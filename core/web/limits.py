"""Rate limits, for the few pages that a stranger could use to guess something."""

from flask import current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, headers_enabled=True)


@limiter.request_filter
def off() -> bool:
    """The limiter is one for the process; of two applications in it, as in tests, each has its own say."""
    return not current_app.config["RATELIMIT_ENABLED"]
