"""What is told to one person on one page and is gone when the page is asked for again: one-time passwords.

Between the form and the page that it leads to, the value lies in the database, encrypted; its key lies in the browser's
signed session. Neither says anything without the other, and the row is deleted by the request that reads it.
"""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import ForeignKey, LargeBinary, delete
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from core.database.base import Base
from core.database.session import commit, db
from core.database.uuid7 import uuid7
from core.jobs import hourly

LIFETIME = timedelta(minutes=15)


class ShownOnce(Base):
    """A sealed value that waits for its one reader."""

    __tablename__ = "shown_once"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]


def seal(user_id: UUID, value: Any) -> str:
    """Keep a value (JSON) for a person; answers with the ticket that opens it, for the browser's session.

    The caller commits.
    """
    key = Fernet.generate_key()
    row = ShownOnce(
        user_id=user_id, sealed=Fernet(key).encrypt(json.dumps(value).encode()), expires_at=now() + LIFETIME
    )
    db.session.add(row)
    db.session.flush()
    return f"{row.id}.{key.decode()}"


def open_once(user_id: UUID, ticket: str | None) -> Any:
    """The value, and the end of it; None when it has been read, has expired or is somebody else's. Commits."""
    row_id, _dot, key = (ticket or "").partition(".")
    try:
        statement = delete(ShownOnce).where(
            ShownOnce.id == UUID(row_id), ShownOnce.user_id == user_id, ShownOnce.expires_at > now()
        )
        sealed = db.session.scalar(statement.returning(ShownOnce.sealed))
        commit()
        return json.loads(Fernet(key.encode()).decrypt(sealed)) if sealed else None
    except (ValueError, InvalidToken):
        return None


@hourly
def forget_unread() -> None:
    db.session.execute(delete(ShownOnce).where(ShownOnce.expires_at <= now()))
    commit()
