"""`puskesos rules`: the values of a module's rules as they hold in one area on a day, and setting others there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import get_args

import click

from core.areas.code import AreaCode
from core.clock import today
from core.database.session import commit, scope
from core.rules.changing import (
    NewOverride,
    OverrideRefused,
    declared_value,
    end_override,
    hold_overrides,
    latest_of,
    own_rows,
    set_override,
    undo,
)
from core.rules.in_force import Stored
from core.rules.page import ValueRow, book_pages, plugins_with_rules
from core.rules.rule import Certainty
from core.rules.rulebook import Rules, books_of
from core.rules.values import NotAValue, leaves, read_value
from tenants.running import application

from .parameters import AREA, DAY, provisioned
from .problems import Problem
from .table import print_table

SURE = {"verified": "pasti", "plausible": "cukup pasti", "unverified": "belum pasti"}

AREA_OPTION = click.option("--area", "code", type=AREA, required=True, help="Misalnya 32.01 atau 32.01.15.2008.")
PART = click.option("--part", metavar="DAFTAR", help="Bila modulnya punya beberapa daftar, misalnya school.")


@click.group("rules", help="Nilai aturan modul di satu wilayah: melihat asalnya, menetapkan, mengakhiri, mengurungkan.")
def rules() -> None:
    pass


@rules.command("show", help="Nilai yang berlaku di satu wilayah pada satu hari, dengan asal dan sumbernya.")
@click.argument("module", metavar="MODUL")
@AREA_OPTION
@click.option("--on", "day", type=DAY, help="Hari yang ditanyakan; tanpa ini hari ini.")
def show(module: str, code: AreaCode, day: datetime | None) -> None:
    with application():
        area = provisioned(code)
        on = day.date() if day else today(area.timezone)
        _check_module(module)
        with scope(area):
            click.secho(f"{module} di {area.title} ({area.code}) pada {on}", bold=True)
            for page in book_pages(area.interval, module, on):
                if page.rule is None:
                    click.echo(f"{page.rules.part}: tidak ada aturan yang berlaku pada hari itu.")
                    continue
                click.echo(f"{page.rules.part}: {page.rule.regulation} (sejak {page.rule.valid_from})")
                print_table(("nilai", "isi", "asal", "keterangan"), [_row(row) for row in page.rows])


@rules.command("set", help="Menetapkan nilai lain di satu wilayah dan semua yang di bawahnya.")
@click.argument("module", metavar="MODUL")
@click.argument("key", metavar="NILAI")
@click.argument("text", metavar="ISI")
@AREA_OPTION
@PART
@click.option("--from", "first", type=DAY, required=True, help="Hari pertama, misalnya 2026-03-01.")
@click.option("--to", "last", type=DAY, help="Hari terakhir; tanpa ini belum diketahui.")
@click.option("--source", required=True, help="Peraturan atau keputusan yang menjadi dasarnya.")
@click.option("--certainty", type=click.Choice(get_args(Certainty)), required=True, help="Seberapa pasti.")
def set_value(  # noqa: PLR0917 - what the command line says
    module: str,
    key: str,
    text: str,
    code: AreaCode,
    part: str | None,
    first: datetime,
    last: datetime | None,
    source: str,
    certainty: Certainty,
) -> None:
    with _at(module, key, code, part) as (area, book):
        try:
            value = read_value(text, declared_value(book, key), tuple(book.choices_of(key)))
        except NotAValue as error:
            raise Problem(f"{key}: {error}") from error
        wanted = NewOverride(value, first.date(), last.date() if last else None, source, certainty)
        _carry_out(lambda: set_override(area, book, key, wanted))


@rules.command("end", help="Mengakhiri nilai yang ditetapkan di wilayah itu.")
@click.argument("module", metavar="MODUL")
@click.argument("key", metavar="NILAI")
@AREA_OPTION
@PART
@click.option("--from", "first", type=DAY, help="Hari pertama nilai itu; tanpa ini yang terakhir ditetapkan.")
@click.option("--last-day", "last", type=DAY, required=True, help="Hari terakhir ia berlaku.")
def end(  # noqa: PLR0917 - what the command line says
    module: str, key: str, code: AreaCode, part: str | None, first: datetime | None, last: datetime
) -> None:
    with _at(module, key, code, part) as (area, book):
        row = _latest(area, book, key, first)
        _carry_out(lambda: end_override(area, book, row, last.date()))


@rules.command("undo", help="Mengurungkan perubahan terakhir atas satu nilai di wilayah itu.")
@click.argument("module", metavar="MODUL")
@click.argument("key", metavar="NILAI")
@AREA_OPTION
@PART
@click.option("--from", "first", type=DAY, help="Hari pertama nilai itu; tanpa ini yang terakhir ditetapkan.")
def take_back(module: str, key: str, code: AreaCode, part: str | None, first: datetime | None) -> None:
    with _at(module, key, code, part) as (area, book):
        row = _latest(area, book, key, first)
        _carry_out(lambda: undo(area, book, row))


@contextmanager
def _at(module: str, key: str, code: AreaCode, part: str | None) -> Iterator[tuple[AreaCode, Rules]]:
    """In the scope of an area, with the list that has the value, while nobody else sets any."""
    with application():
        area = provisioned(code)
        _check_module(module)
        book = _book(module, key, part)
        with scope(area):
            hold_overrides()
            yield area.interval, book


def _check_module(module: str) -> None:
    if module not in plugins_with_rules():
        raise Problem(f"Tidak ada modul {module!r} dengan aturan. Yang ada: {', '.join(plugins_with_rules())}.")


def _book(module: str, key: str, part: str | None) -> Rules:
    books = [book for book in books_of(module) if part in (None, book.part)]
    found = [book for book in books if any(key in dict(leaves(rule.values)) for rule in book.all)]
    if len(found) > 1:
        raise Problem(f"Beberapa daftar punya {key}: sebutkan --part {' atau '.join(book.part for book in found)}.")
    if not found:
        known = sorted({name for book in books for rule in book.all for name, _value in leaves(rule.values)})
        raise Problem(f"Tidak ada nilai {key!r}. Yang ada: {', '.join(known)}.")
    return found[0]


def _latest(area: AreaCode, book: Rules, key: str, first: datetime | None) -> Stored:
    day: date | None = first.date() if first else None
    rows = [row for row in own_rows(area, book, key) if day in (None, row.valid_from)]
    if not rows:
        raise Problem(f"{key} belum pernah ditetapkan di {area}.")
    return latest_of(rows)[rows[-1].series]


def _carry_out(deed: Callable[[], object]) -> None:
    try:
        deed()
    except OverrideRefused as error:
        raise Problem(f"Tidak diubah: {error}") from error
    commit()
    click.echo("Berlaku sejak sekarang.")


def _row(row: ValueRow) -> tuple[str, str, str, str]:
    if row.override is None:
        return row.key, row.text, "bawaan aturan", row.title
    found = row.override
    until = f" sampai {found.valid_to}" if found.valid_to else ""
    told = f"{found.area}: {found.source}, sejak {found.valid_from}{until}, {SURE[found.certainty]}"
    older = "; aturan berubah sejak itu: periksa" if row.older else ""
    return row.key, row.text, told, f"{row.title}; aturan: {row.declared}{older}"
