"""Settings, read once from the environment into one typed value."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Environment = Literal["development", "production", "test"]

# The checkout, or where a wheel was unpacked.
ROOT = Path(__file__).resolve().parent.parent


class ConfigError(Exception):
    """A setting that cannot be used; the message says which one and what to write."""


@dataclass(frozen=True)
class Config:
    """What an installation can be told from outside. Every field has one environment variable.

    Attributes:
        environment: ``PUSKESOS_ENV``; in production demo accounts are refused and cookies need HTTPS.
        data_dir: ``PUSKESOS_DATA``, else ``var``; holds the embedded database, uploaded files and the secret key.
        database_url: ``DATABASE_URL``, signed in as the owner of the schema; None starts the embedded server.
        app_database_url: ``DATABASE_APP_URL``, the role of the web process; None derives it from the owner's.
        secret_key: ``SECRET_KEY``, else a random one kept in ``data_dir``.
        base_url: ``PUSKESOS_URL``, the address that letters and receipts carry in their QR codes.
        proxies: ``PUSKESOS_PROXIES``, how many proxies of ours stand in front and tell the asker's address and HTTPS.
        plugins_strict: ``PLUGINS_STRICT=1`` makes a broken plugin fatal.
        plugins_disabled: ``PLUGINS_DISABLED=a,b`` skips plugins by name.
        plugins_blocklist: ``PLUGINS_BLOCKLIST`` names a file of plugins to refuse; without it ``blocklist.toml`` in
            ``data_dir``, if there is one.
        plugin_page_seconds: ``PLUGIN_PAGE_SECONDS``; a plugin's own page that takes longer is stopped.
        max_upload_bytes: ``MAX_UPLOAD_MB``; larger requests are answered with 413.
        max_archive_bytes: ``MAX_ARCHIVE_MB``; the same for the archive of a village that is to be restored.
    """

    environment: Environment
    data_dir: Path
    secret_key: str = field(repr=False)
    database_url: str | None = field(default=None, repr=False)
    app_database_url: str | None = field(default=None, repr=False)
    base_url: str | None = None
    proxies: int = 0
    plugins_strict: bool = False
    plugins_disabled: frozenset[str] = frozenset()
    plugins_blocklist: Path | None = None
    plugin_page_seconds: float = 20
    max_upload_bytes: int = 10 * 1024 * 1024
    max_archive_bytes: int = 2048 * 1024 * 1024
    rate_limit_storage: str = "memory://"

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"

    @classmethod
    def from_environment(cls, env: Mapping[str, str] = os.environ) -> "Config":
        """Read all settings.

        Raises:
            ConfigError: a value that is not understood.
        """
        environment = env.get("PUSKESOS_ENV", "development")
        if environment not in ("development", "production", "test"):
            raise ConfigError(f"PUSKESOS_ENV={environment!r}: write development, production or test.")
        data_dir = Path(env.get("PUSKESOS_DATA") or default_data_dir()).resolve()
        return cls(
            environment=environment,
            data_dir=data_dir,
            secret_key=env.get("SECRET_KEY") or kept_secret(data_dir),
            database_url=with_driver(env.get("DATABASE_URL")),
            app_database_url=with_driver(env.get("DATABASE_APP_URL")),
            base_url=(env.get("PUSKESOS_URL") or "").rstrip("/") or None,
            proxies=whole_number("PUSKESOS_PROXIES", env.get("PUSKESOS_PROXIES", "0")),
            plugins_strict=env.get("PLUGINS_STRICT", "") == "1",
            plugins_disabled=frozenset(filter(None, env.get("PLUGINS_DISABLED", "").replace(" ", "").split(","))),
            plugins_blocklist=blocklist_file(env.get("PLUGINS_BLOCKLIST"), data_dir),
            plugin_page_seconds=whole_number("PLUGIN_PAGE_SECONDS", env.get("PLUGIN_PAGE_SECONDS", "20")),
            max_upload_bytes=megabytes("MAX_UPLOAD_MB", env.get("MAX_UPLOAD_MB", "10")),
            max_archive_bytes=megabytes("MAX_ARCHIVE_MB", env.get("MAX_ARCHIVE_MB", "2048")),
            rate_limit_storage=env.get("RATE_LIMIT_STORAGE", "memory://"),
        )


def default_data_dir() -> Path:
    """``var/`` of the checkout; of the current folder where a wheel is installed: ``ROOT`` is Python's own there."""
    return (ROOT if (ROOT / "pyproject.toml").exists() else Path.cwd()) / "var"


def with_driver(url: str | None) -> str | None:
    """``postgres://`` and ``postgresql://`` as hosts write them, with the driver that we use."""
    if not url:
        return None
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in ("postgres", "postgresql", "postgresql+psycopg"):
        raise ConfigError("DATABASE_URL: write postgresql://user:password@host/name; no other database is supported.")
    return f"postgresql+psycopg://{rest}"


def whole_number(name: str, text: str) -> int:
    if not text.isdigit():
        raise ConfigError(f"{name}={text!r}: write a whole number.")
    return int(text)


def megabytes(name: str, text: str) -> int:
    try:
        return int(float(text) * 1024 * 1024)
    except ValueError:
        raise ConfigError(f"{name}={text!r}: write a number of megabytes, for instance 10.") from None


def blocklist_file(named: str | None, data_dir: Path) -> Path | None:
    """A file that is named must be there; whoever reads it says so otherwise."""
    if named:
        return Path(named).resolve()
    usual = data_dir / "blocklist.toml"
    return usual if usual.exists() else None


def kept_secret(data_dir: Path) -> str:
    """The installation's secret key, made at the first start and readable by its owner alone."""
    path = data_dir / "secret_key"
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_hex(32)
        file.write(key)
    return key
