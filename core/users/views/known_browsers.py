"""The cookie by which a browser is known again after months: no sign-in, only a place of its own to count failures."""

import re
import secrets

from flask import Response, current_app, request

from core.platform import platform
from core.users.signing_in import KNOWN_FOR, Visitor

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
"""As ``secrets.token_urlsafe(32)`` makes it."""


def _cookie() -> str:
    return current_app.config["SESSION_COOKIE_NAME"] + "-known"


def visitor() -> Visitor:
    token = request.cookies.get(_cookie(), "")
    return Visitor(
        browser=request.user_agent.string,
        known=token if TOKEN.fullmatch(token) else None,
        demo_allowed=not platform().config.production,
    )


def newcomer(asking: Visitor) -> Visitor:
    """With a token to be known by, a new one where the browser brings none."""
    return Visitor(asking.browser, asking.known or secrets.token_urlsafe(32), asking.demo_allowed)


def remember(response: Response, asking: Visitor) -> None:
    """Several people may share a browser and so its token; each is known by it only after an own sign-in."""
    response.set_cookie(
        _cookie(),
        asking.known or "",
        max_age=KNOWN_FOR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
