"""The browsers in which an account is signed in now, and ending them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select

from core.audit import record
from core.clock import now
from core.database.session import db

from .identity import token_hash
from .models import SignIn


@dataclass(frozen=True)
class Session:
    """``browser`` in words, such as "Chrome · Android"."""

    id: UUID
    browser: str
    address: str | None
    since: datetime
    until: datetime
    is_current: bool


def sessions_of(user_id: UUID, token: str | None = None) -> list[Session]:
    """Those that hold now, the newest first; ``token`` is the one of the browser that asks."""
    rows = db.session.scalars(
        select(SignIn)
        .where(SignIn.user_id == user_id, SignIn.expires_at > now(), SignIn.pending.is_(False))
        .order_by(SignIn.created_at.desc())
    )
    own = token_hash(token) if token else None
    return [
        Session(row.id, browser_name(row.browser), row.address, row.created_at, row.expires_at, row.token_hash == own)
        for row in rows
    ]


def end_session(user_id: UUID, sign_in_id: UUID) -> bool:
    """False when the account has no such sign-in (any more)."""
    gone = delete(SignIn).where(SignIn.user_id == user_id, SignIn.id == sign_in_id).returning(SignIn.id)
    if db.session.scalar(gone) is None:
        return False
    record("users.session_ended", "user", user_id)
    return True


def end_sessions(user_id: UUID, *, keep: str | None = None) -> int:
    """End them all, but the one of the token ``keep``; answers with how many there were."""
    conditions = [SignIn.user_id == user_id]
    if keep is not None:
        conditions.append(SignIn.token_hash != token_hash(keep))
    gone: Sequence[bool] = db.session.scalars(delete(SignIn).where(*conditions).returning(SignIn.pending)).all()
    if gone:
        record("users.sessions_ended", "user", user_id, count=len(gone))
    return len(gone)


# What a browser calls itself holds the names of others as well: the more particular ones come first.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("UCBrowser", "UC Browser"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(agent: str | None) -> str:
    """In words that help to know one's own devices apart; it is what the browser says, and no proof."""
    found = [
        next((name for sign, name in names if re.search(sign, agent or "")), None) for names in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(filter(None, found)) or _("peramban tidak dikenal")
