"""The cookie by which a browser is known again after months: no sign-in, only a place of its own to count failures."""

import secrets

from flask import Response, current_app, request

from core.platform import platform
from core.users.signing_in import KNOWN_FOR, Visitor


def _cookie() -> str:
    return current_app.config["SESSION_COOKIE_NAME"] + "-known"


def visitor() -> Visitor:
    return Visitor(
        browser=request.user_agent.string,
        known=request.cookies.get(_cookie()) or None,
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
