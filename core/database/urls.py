"""The two sign-ins to the database: the owner of the schema, and the application, which owns nothing."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import make_url

if TYPE_CHECKING:
    from core.config import Config


@dataclass(frozen=True)
class DatabaseUrls:
    """SQLAlchemy addresses. Only ``db upgrade`` uses the owner's."""

    owner: str
    app: str

    @property
    def app_role(self) -> str:
        role = make_url(self.app).username
        if role is None:
            raise ValueError("DATABASE_APP_URL names no user; write postgresql://user:password@host/name.")
        return role

    @property
    def app_password(self) -> str | None:
        """None when the server trusts the socket (the embedded one)."""
        password = make_url(self.app).password
        return None if password is None else str(password)


def given_urls(config: "Config") -> DatabaseUrls | None:
    """From the environment; None when no server is named and the embedded one is wanted.

    Without ``DATABASE_APP_URL`` the application's role is called ``<database>_app`` and its password follows from the
    secret key, so that nothing more has to be kept or told.
    """
    if config.database_url is None:
        return None
    if config.app_database_url is not None:
        return DatabaseUrls(config.database_url, config.app_database_url)
    owner = make_url(config.database_url)
    password = hmac.new(config.secret_key.encode(), b"database application role", hashlib.sha256).hexdigest()
    app = owner.set(username=f"{owner.database}_app", password=password)
    return DatabaseUrls(config.database_url, app.render_as_string(hide_password=False))
