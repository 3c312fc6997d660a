"""The people whom an archive's history mentions: names without a way in."""

from collections.abc import Iterable
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.clock import now
from core.database.session import db
from core.users.accounts import USERNAME
from core.users.models import User

from .checking import Row
from .format import ArchiveRefused

# No password fits it: what argon2 writes begins otherwise.
NO_PASSWORD = "!"  # noqa: S105
MOST_NAME = 120


def take_in_users(rows: Iterable[Row]) -> tuple[int, tuple[str, ...]]:
    """Make an ended account for everybody who has none of this number here; answers with how many, and the new user
    names of those whose own was taken.

    Somebody who has an account of this number keeps it as it is: on one installation a number is one person's for good.
    A user name alone says nothing: "petugas" is somebody else in each district.

    Raises:
        ArchiveRefused: a row that is no account.
    """
    made, renamed = 0, []
    for row in rows:
        user_id, username, name = _checked(row)
        if db.session.get(User, user_id):
            continue
        free = _free(username)
        if free != username:
            renamed.append(free)
        moment = now()
        db.session.add(
            User(
                id=user_id,
                username=free,
                name=name,
                password_hash=NO_PASSWORD,
                must_change_password=True,
                ended_at=moment,
            )
        )
        db.session.flush()
        made += 1
    return made, tuple(renamed)


def _checked(row: Row) -> tuple[UUID, str, str]:
    try:
        user_id, username, name = UUID(row["id"]), str(row["username"]), str(row["name"])
    except (ValueError, TypeError, AttributeError):
        user_id, username, name = None, "", ""
    if user_id is None or not USERNAME.fullmatch(username) or not 0 < len(name) <= MOST_NAME:
        raise ArchiveRefused(_("Arsip ini memuat akun yang tidak dapat dibaca."))
    return user_id, username, name


def _free(username: str) -> str:
    """The name itself, or with "-arsip", "-arsip2" … behind it."""
    for number in range(1000):
        ending = "" if number == 0 else f"-arsip{number if number > 1 else ''}"
        wanted = username[: 64 - len(ending)] + ending
        if not db.session.scalar(select(User.id).where(func.lower(User.username) == wanted.lower())):
            return wanted
    raise ArchiveRefused(_("Nama pengguna %(name)s tidak dapat dipakai lagi.", name=username))
