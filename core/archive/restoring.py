"""Bringing an archive in: every table, in the scope of its one village, in the transaction at hand."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask_babel import gettext as _
from psycopg import Connection, Cursor, sql
from psycopg import Error as DatabaseError
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core.areas.code import AreaCode
from core.audit.chain import LOCKS
from core.audit.verification import verify
from core.database.session import all_cases_open, db
from core.exports import OnProgress
from core.files import FileStore
from core.job_overview import reason_of
from core.platform import platform
from core.referrals.models import Organisation

from .checking import Archive, Row
from .format import TABLE, USERS, ArchiveRefused
from .tables import Found, VillageTable, field_of, find_tables, insert_statement, stored_value
from .users import take_in_users
from .versions import core_schema, plugin_parts

# What the area's place in this installation decides, and not what it was elsewhere.
DECIDED_HERE = ("id", "hi", "level", "code", "parent_id", "enabled", "suspended_at")
TELL_EVERY = 500


@dataclass(frozen=True)
class Restored:
    """What came in: ``made`` are accounts that did not exist here, ``renamed`` those whose user name was taken."""

    rows: int
    files: int
    made: int
    renamed: tuple[str, ...]
    left_out: tuple[str, ...]
    missing_files: int


def check_versions(archive: Archive, leave_out: Iterable[str]) -> None:
    """Raises: ArchiveRefused: this installation cannot hold what the archive brings, or not yet."""
    manifest, here = archive.manifest, plugin_parts()
    if manifest.schema != core_schema():
        raise ArchiveRefused(
            _("Arsip ini dibuat dengan tabel versi %(found)s, di sini %(here)s. Samakan dulu versi Puskesos keduanya.",
              found=manifest.schema, here=core_schema())
        )  # fmt: skip
    wanted = {name: part for name, part in manifest.plugins.items() if name not in set(leave_out)}
    if missing := sorted(wanted.keys() - here.keys()):
        raise ArchiveRefused(
            _("Arsip ini memakai modul yang tidak terpasang di sini: %(names)s. Pasang dulu, atau minta modul itu "
              "ditinggalkan; data tabelnya lalu tidak ikut.", names=", ".join(missing))
        )  # fmt: skip
    if other := sorted(name for name, part in wanted.items() if part.schema != here[name].schema):
        raise ArchiveRefused(
            _("Versi tabel modul %(names)s berbeda. Samakan dulu versi modul itu.", names=", ".join(other))
        )


def is_empty(found: Found, village: AreaCode) -> bool:
    """Whether nothing of a village is here yet: no row of any table, and no entry in its audit."""
    for table in (*found.tables, found.audit):
        query = sql.SQL("SELECT 1 FROM {} WHERE {} = {} LIMIT 1").format(
            sql.Identifier(table.name), sql.Identifier(table.key), sql.Literal(village.id)
        )
        if driver().execute(query).fetchone():
            return False
    return True


def restore(archive: Archive, village: AreaCode, *, leave_out: Iterable[str], tell: OnProgress) -> Restored:
    """Write all rows and files of an archive whose area is provisioned here.

    In the village's scope; the caller commits.

    Raises:
        ArchiveRefused: something in it does not fit; the caller rolls back.
    """
    left_out = frozenset(leave_out)
    check_versions(archive, left_out)
    found = find_tables(db.session.connection(), plugin_parts())
    with all_cases_open(), spoken(), driver().cursor() as cursor:
        return _Restorer(archive, village, left_out, found, cursor=cursor, tell=tell).restore()


@contextmanager
def spoken() -> Iterator[None]:
    """A row that the database refuses makes the archive one that is refused."""
    try:
        yield
    except (DatabaseError, DBAPIError) as error:
        reason = reason_of(error)
        raise ArchiveRefused(
            _("Isi arsip tidak dapat disimpan (%(reason)s). Tidak ada yang tertulis.", reason=reason)
        ) from error


def driver() -> Connection:
    found = db.session.connection().connection.driver_connection
    assert isinstance(found, Connection)  # noqa: S101 - the one driver that this platform has
    return found


class _Restorer:
    def __init__(
        self,
        archive: Archive,
        village: AreaCode,
        left_out: frozenset[str],
        found: Found,
        *,
        cursor: Cursor,
        tell: OnProgress,
    ) -> None:
        self.archive, self.village, self.found, self.cursor, self.tell = archive, village, found, cursor, tell
        self.left_out = left_out
        self.done, self.total = 0, archive.manifest.rows + archive.manifest.files

    def restore(self) -> Restored:
        tables = self.known_tables()
        if not is_empty(self.found, self.village):
            raise ArchiveRefused(
                _(
                    "Desa ini sudah ada di sini dan sudah berisi data atau jejak audit. Arsip hanya masuk ke desa yang "
                    "kosong."
                )
            )
        self.cursor.execute("SET LOCAL timezone = 'UTC'")
        self.cursor.execute("CREATE TEMP TABLE archive_lines (line text) ON COMMIT DROP")
        self.cursor.execute("CREATE TEMP TABLE archive_moved (brought uuid PRIMARY KEY, kept uuid) ON COMMIT DROP")
        self.area()
        made, renamed = take_in_users(row for row, _line in self.checked(USERS, ("id", "username", "name")))
        self.organisations()
        self.fill(self.found.settings, only=self.is_installed)
        if self.found.plugin_settings.member in self.archive.manifest.members:  # older archives have none
            self.fill(self.found.plugin_settings, only=self.is_readable)
        if self.found.rule_overrides.member in self.archive.manifest.members:
            self.fill(self.found.rule_overrides)
        for table in tables:
            self.fill(table)
        self.audit()
        files = self.files()
        manifest, left_out = self.archive.manifest, tuple(sorted(self.left_out))
        return Restored(manifest.rows, files, made, renamed, left_out, len(manifest.missing_files))

    def known_tables(self) -> list[VillageTable]:
        """The village's tables, in order; those of plugins that are left out are not among them."""
        skipped = tuple(f"{plugin}_" for plugin in self.left_out)
        known = {table.name: table for table in self.found.tables}
        found = self.found
        shared = (found.area, found.settings, found.plugin_settings, found.rule_overrides, found.audit)
        others = {table.name for table in (*shared, found.organisations)}
        for member in self.archive.manifest.members:
            name = TABLE.fullmatch(member)
            if name and name[1] not in known and name[1] not in {*others, "users"} and not name[1].startswith(skipped):
                raise ArchiveRefused(_("Tabel %(name)s di dalam arsip tidak dikenal di sini.", name=name[1]))
        for table in known.values():
            if table.plugin is None and table.member not in self.archive.manifest.members:
                raise ArchiveRefused(_("Arsip ini tidak lengkap: tabel %(name)s tidak ada.", name=table.name))
        return [table for table in known.values() if not (table.plugin and table.plugin in self.left_out)]

    def is_installed(self, row: Row) -> bool:
        return row["module"] in platform().plugins.plugins and row["module"] not in self.left_out

    def is_readable(self, row: Row) -> bool:
        """Not the secrets: they are sealed with the key of the installation that wrote the archive."""
        return row["plugin"] in platform().plugins.plugins and row["sealed"] is None

    def checked(self, member: str, names: Iterable[str]) -> Iterator[tuple[Row, str]]:
        """The rows of a member, each with exactly these columns."""
        wanted = set(names)
        for number, (row, line) in enumerate(self.archive.rows(member), start=1):
            if row.keys() != wanted:
                odd = ", ".join(sorted(row.keys() ^ wanted))[:80]
                raise ArchiveRefused(_("Baris %(n)s pada %(name)s punya kolom yang tidak cocok: %(columns)s.", n=number,
                                       name=member, columns=odd))  # fmt: skip
            self.done += 1
            if self.done % TELL_EVERY == 0:
                self.tell(self.done, self.total)
            yield row, line

    def fill(self, table: VillageTable, *, only: Callable[[Row], bool] = lambda _row: True) -> None:
        """Copy a member's lines beside the table, then all of them into it."""
        self.cursor.execute("TRUNCATE archive_lines")
        with self.cursor.copy("COPY archive_lines FROM STDIN") as copy:
            for row, line in self.checked(table.member, (column.name for column in table.columns)):
                if row[table.key] != self.village.id:
                    raise ArchiveRefused(_("Tabel %(name)s berisi baris desa lain.", name=table.name))
                if only(row):
                    copy.write_row((line,))
        self.cursor.execute(insert_statement(table))

    def area(self) -> None:
        rows = [line for row, line in self.checked(self.found.area.member, [c.name for c in self.found.area.columns])
                if row["id"] == self.village.id]  # fmt: skip
        if len(rows) != 1 or self.archive.manifest.members[self.found.area.member].rows != 1:
            raise ArchiveRefused(_("Arsip ini tidak memuat tepat satu desa."))
        kept = [column for column in self.found.area.columns if column.name not in DECIDED_HERE]
        statement = sql.SQL(
            "UPDATE areas SET ({names}) = (SELECT {values} FROM json_to_record(%s::json) AS x({fields}))"
            " WHERE id = {id}"
        ).format(
            names=sql.SQL(", ").join(column.identifier for column in kept),
            values=sql.SQL(", ").join(stored_value(column) for column in kept),
            fields=sql.SQL(", ").join(field_of(column) for column in kept),
            id=sql.Literal(self.village.id),
        )
        self.cursor.execute(statement, (rows[0],))

    def organisations(self) -> None:
        """Those that are not here are registered; one that is here under another number takes the other's place."""
        table = self.found.organisations
        self.cursor.execute("TRUNCATE archive_lines")
        for row, line in self.checked(table.member, (column.name for column in table.columns)):
            if not isinstance(row["area_id"], int) or not AreaCode.from_id(row["area_id"]).covers(self.village):
                raise ArchiveRefused(_("Lembaga di dalam arsip tidak melayani desa ini."))
            here = _same_organisation(row)
            if here is None:
                self.cursor.execute("INSERT INTO archive_lines VALUES (%s)", (line,))
            elif str(here.id) != row["id"]:
                self.cursor.execute("INSERT INTO archive_moved VALUES (%s, %s)", (row["id"], here.id))
        self.cursor.execute(insert_statement(table))

    def audit(self) -> None:
        """The chain goes on where it ended, with the entry that tells of this very restoration."""
        self.cursor.execute("SELECT pg_advisory_xact_lock(%s)", (LOCKS + self.village.id,))
        self.fill(self.found.audit)
        report = verify(self.village)
        if not report.intact or report.entries != self.archive.manifest.members[self.found.audit.member].rows:
            told = "; ".join(str(fault) for fault in report.faults)
            raise ArchiveRefused(_("Jejak audit di dalam arsip tidak utuh: %(faults)s.", faults=told or "–"))

    def files(self) -> int:
        """Each under its hash. A village's folder that did not exist before is gone again when something fails."""
        store = FileStore(platform().config.files_dir, self.village.id)
        is_new, count = not store.directory.exists(), 0
        try:
            for sha256, size in self.archive.files():
                with self.archive.open(sha256) as member:
                    if store.save(member, size)[0] != sha256:
                        raise ArchiveRefused(_("Berkas %(name)s di dalam arsip rusak atau diubah.", name=sha256[:12]))
                count += 1
                self.done += 1
                self.tell(self.done, max(self.total, self.done))
        except BaseException:
            if is_new:
                shutil.rmtree(store.directory, ignore_errors=True)
            raise
        return count


def _same_organisation(row: Row) -> Organisation | None:
    """By its number, else by its place and name, else (of the offices above a village there is one) by its sector."""
    same_name = (
        Organisation.area_id == row["area_id"],
        text("lower(name) = lower(:name)").bindparams(name=row["name"]),
    )
    office = (Organisation.area_id == row["area_id"], Organisation.sector == row["sector"])
    tries = [(Organisation.id == row["id"],), same_name]
    if row["sector"] in ("dinsos", "kecamatan"):
        tries.append(office)
    for conditions in tries:
        if found := db.session.scalar(select(Organisation).where(*conditions)):
            return found
    return None
