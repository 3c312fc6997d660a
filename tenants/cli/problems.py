"""What the tool says when something cannot be done. Exit code 1; click itself answers 2 to a wrong call."""

from typing import IO, Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from core.areas.modules import UnknownModule
from core.config import ConfigError
from core.database.embedded import DatabaseStartError
from core.database.upgrade import PluginMigrationsFailed
from core.imports.sheet_files import FileError
from core.modules.agreement import ModulesDisagree
from core.plugins.blocklist import BlocklistError
from core.plugins.manifest import PluginLoadError
from core.users.accounts import AccountError
from tenants.demo import DemoRefused
from tenants.manifest import ManifestError
from tenants.schema import SchemaOutdated
from tenants.villages import VillageError

# Their messages say already what happened and what to do.
SPOKEN = (
    AccountError,
    BlocklistError,
    ConfigError,
    DatabaseStartError,
    DemoRefused,
    FileError,
    ManifestError,
    ModulesDisagree,
    PluginLoadError,
    PluginMigrationsFailed,
    SchemaOutdated,
    UnknownModule,
    VillageError,
)


class Problem(click.ClickException):
    """A sentence for the person at the terminal."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.secho(self.format_message(), fg="red", err=file is None, file=file)


def explain(error: Exception) -> Problem:
    if isinstance(error, SPOKEN):
        return Problem(str(error))
    if isinstance(error, OperationalError):
        return Problem(
            f"Basis data tidak dapat dihubungi: {error.orig}\nPeriksa DATABASE_URL dan apakah server menyala."
        )
    if isinstance(error, ProgrammingError):
        return Problem(
            f"Basis data menolak: {error.orig}\nPeriksa hak akun basis data, lalu jalankan: puskesos db upgrade"
        )
    return Problem(
        f"Terjadi kesalahan yang tidak terduga: {type(error).__name__}: {error}\n"
        "Jalankan lagi dengan PUSKESOS_DEBUG=1 di depannya untuk melihat letaknya, lalu laporkan."
    )
