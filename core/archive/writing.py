"""Making an archive: one snapshot of the database, streamed line by line into a ZIP on disk."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from psycopg import Connection, sql
from sqlalchemy import text

from core.areas.current import CurrentArea
from core.clock import now
from core.database.session import ALL_CASES, db, seeing
from core.exports import OnProgress, export_kind
from core.files import FileStore
from core.platform import platform
from core.texts import lazy_gettext

from .format import CHUNK, FILES, MANIFEST, USERS, ArchiveManifest, Member
from .tables import Found, VillageTable, find_tables, line_query
from .versions import core_schema, platform_version, plugin_parts

KIND = "archive"
ROWS_AT_A_TIME = 500

# A key in a text of JSON, such as the person to whom a case was given.
KEY = '"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"'


@export_kind(KIND, lazy_gettext("Arsip serah terima"), "application/zip")
def write_for_export(area: CurrentArea, path: Path, options: Mapping[str, Any], tell: OnProgress) -> None:  # noqa: ARG001
    write_archive(area, path, tell)


def archive_name(area: CurrentArea) -> str:
    return f"arsip-{area.code}-{now():%Y%m%d-%H%M}.zip"


def write_archive(area: CurrentArea, path: Path, tell: OnProgress) -> ArchiveManifest:
    """Write everything of a village, in its scope; memory does not grow with the village.

    Whoever may take a village along takes it whole: without the cases that they would not see it could not be restored.
    """
    with seeing(ALL_CASES), db.engine.connect() as connection:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        connection.execute(text("SET LOCAL timezone = 'UTC'"))
        found = find_tables(connection, platform().plugins.plugins)
        driver = connection.connection.driver_connection
        assert isinstance(driver, Connection)  # noqa: S101 - the one driver that this platform has
        store = FileStore(platform().config.files_dir, area.id)
        with ZipFile(path, "w", ZIP_DEFLATED, allowZip64=True) as archive:
            return _Writer(area, driver, archive, store, found, tell).write()


@dataclass
class _Writer:
    area: CurrentArea
    connection: Connection
    archive: ZipFile
    store: FileStore
    found: Found
    tell: OnProgress
    members: dict[str, Member] = field(default_factory=dict)
    done: int = 0
    total: int = 0

    def write(self) -> ArchiveManifest:
        rows = {table.name: self.count(table) for table in self.found.all}
        self.total = sum(rows.values()) + sum(1 for _file in self.store.stored())
        self.member(self.found.area.member, line_query(self.found.area, self.area.id))
        self.member(USERS, users_query(self.found, self.area.id))
        self.member(self.found.organisations.member, organisations_query(self.found, self.area.id))
        for table in self.found.all:
            self.member(table.member, line_query(table, self.area.id))
        files = self.files()
        manifest = ArchiveManifest(
            village=self.area.code,
            name=self.area.title,
            platform=platform_version(),
            schema=core_schema(),
            created_at=now().isoformat(timespec="seconds"),
            plugins={name: part for name, part in plugin_parts().items() if name in self.used(rows)},
            members=self.members,
            files=files,
            missing_files=self.missing(),
            left_out=list(self.found.unowned),
        )
        self.archive.writestr(MANIFEST, manifest.as_json())
        self.tell(self.total, self.total)
        return manifest

    @property
    def id(self) -> sql.Literal:
        return sql.Literal(self.area.id)

    def count(self, table: VillageTable) -> int:
        query = sql.SQL("SELECT count(*) FROM {} WHERE {} = {}")
        return self.value(query.format(sql.Identifier(table.name), sql.Identifier(table.key), self.id))

    def value(self, query: sql.Composed) -> Any:
        row = self.connection.execute(query).fetchone()
        return row[0] if row else None

    def member(self, name: str, query: sql.Composed) -> None:
        self.write_lines(name, (line for (line,) in self.rows(query)))

    def rows(self, query: sql.Composed) -> Iterator[tuple[Any, ...]]:
        with self.connection.cursor("archive") as cursor:
            cursor.itersize = ROWS_AT_A_TIME
            yield from cursor.execute(query)

    def write_lines(self, name: str, lines: Iterable[str]) -> None:
        digest, rows, size = hashlib.sha256(), 0, 0
        with self.archive.open(name, "w", force_zip64=True) as member:
            for line in lines:
                raw = line.encode() + b"\n"
                member.write(raw)
                digest.update(raw)
                size += len(raw)
                rows += 1
                self.step()
        self.members[name] = Member(rows, size, digest.hexdigest())

    def step(self) -> None:
        self.done += 1
        if self.done % ROWS_AT_A_TIME == 0:
            self.tell(self.done, max(self.done, self.total))

    def files(self) -> int:
        """The files themselves, then the list of them. One whose content is not what its name says is damaged, and is
        told as missing."""
        count = 0
        with TemporaryFile("w+", encoding="utf-8") as listed:
            for path in self.store.stored():
                if (size := self.file(path)) is not None:
                    listed.write(json.dumps({"sha256": path.name, "size": size}) + "\n")
                    count += 1
                self.step()
            listed.seek(0)
            self.write_lines(FILES, (line.rstrip("\n") for line in listed))
        return count

    def file(self, path: Path) -> int | None:
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != path.name:
                return None
            file.seek(0)
            entry = ZipInfo(f"files/{path.name}", now().timetuple()[:6])
            entry.compress_type = ZIP_STORED  # photos and PDF are packed already
            with self.archive.open(entry, "w", force_zip64=True) as member:
                size = 0
                while chunk := file.read(CHUNK):
                    size += member.write(chunk)
        return size

    def missing(self) -> list[str]:
        """Hashes in columns called ``sha256`` that the archive has no file for."""
        names = set()
        packed = self.archive.NameToInfo
        for table in self.found.tables:
            if any(column.name == "sha256" for column in table.columns):
                query = sql.SQL("SELECT DISTINCT sha256 FROM {} WHERE village_id = {} AND sha256 ~ '^[0-9a-f]{{64}}$'")
                rows = self.rows(query.format(sql.Identifier(table.name), self.id))
                names |= {sha256 for (sha256,) in rows if f"files/{sha256}" not in packed}
        return sorted(names)

    def used(self, rows: Mapping[str, int]) -> frozenset[str]:
        """Plugins that are on here, have rows here, or whose services have cases here."""
        query = sql.SQL("SELECT DISTINCT split_part(service, '.', 1) FROM cases WHERE village_id = {}").format(self.id)
        served = {name for (name,) in self.connection.execute(query)}
        filled = {table.plugin for table in self.found.tables if table.plugin and rows[table.name]}
        return frozenset(platform().hooks_for(self.area.enabled).plugins) | served | filled


def users_query(found: Found, area_id: int) -> sql.Composed:
    """The accounts that the village's rows mention, in columns and in JSON: number, user name and name, no more."""
    parts = [
        sql.SQL("SELECT object_id::uuid FROM audit_entries WHERE area_id = {} AND object_type = 'user'"
                " AND object_id ~ '^[0-9a-f-]{{36}}$'").format(sql.Literal(area_id))
    ]  # fmt: skip
    for table in found.all:
        where = sql.SQL("FROM {} WHERE {} = {}").format(
            sql.Identifier(table.name), sql.Identifier(table.key), sql.Literal(area_id)
        )
        parts += [
            sql.SQL("SELECT {} {}").format(column.identifier, where)
            for column in table.of_type("uuid")
            if column.name != "id" and column.target in (None, "users")
        ]
        parts += [
            sql.SQL("SELECT (regexp_matches({}::text, {}, 'g'))[1]::uuid {}").format(
                column.identifier, sql.Literal(KEY), where
            )
            for column in table.columns
            if column.is_json
        ]
    return sql.SQL(
        "SELECT row_to_json(u)::text FROM (SELECT id, username, name FROM users WHERE id IN ({}) ORDER BY id) u"
    ).format(sql.SQL(" UNION ").join(parts))


def organisations_query(found: Found, area_id: int) -> sql.Composed:
    """The organisations to which the village's rows refer."""
    parts = [
        sql.SQL("SELECT {} FROM {} WHERE village_id = {}").format(
            column.identifier, sql.Identifier(table.name), sql.Literal(area_id)
        )
        for table in found.tables
        for column in table.columns
        if column.target == "organisations"
    ]
    return sql.SQL("SELECT row_to_json(o)::text FROM organisations o WHERE id IN ({}) ORDER BY id").format(
        sql.SQL(" UNION ").join(parts)
    )
