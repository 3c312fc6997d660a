"""`puskesos audit`: whether the record of deeds is what was written, and its last lines."""

from pathlib import Path

import click

from core.areas.code import AreaCode
from core.audit.chain import Head, code_of
from core.audit.reading import AuditFilter, EntryRow, entries_page
from core.audit.verification import heads, verify
from core.database.session import scope
from tenants.running import application

from .parameters import AREA
from .problems import Problem
from .table import print_table

EVERYWHERE = AreaCode.from_id(0)

area_option = click.option("--area", "code", type=AREA, help="Wilayah ini dan semua di bawahnya; tanpa ini semuanya.")


@click.group("audit", help="Memeriksa keutuhan jejak audit dan membacanya.")
def audit() -> None:
    pass


@audit.command("verify", help="Memeriksa nomor, sambungan, dan hash setiap catatan. Kode keluar 1 bila ada yang rusak.")
@area_option
@click.option(
    "--heads",
    "noted",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="BERKAS",
    help="Hasil `puskesos audit head` yang disimpan di luar; hanya dengan ini akhir rantai yang dipotong ketahuan.",
)
@click.pass_context
def verify_chains(ctx: click.Context, code: AreaCode | None, noted: Path | None) -> None:
    area = code or EVERYWHERE
    known = _read_heads(noted) if noted else []
    with application(), scope(area):
        report = verify(area, known)
    click.echo(f"{report.entries} catatan dalam {report.chains} rantai diperiksa.")
    for fault in report.faults:
        click.secho(f"RUSAK {fault.area}: {fault}", fg="red")
    if not report.intact:
        ctx.exit(1)
    click.secho("Utuh." if known else "Utuh. Akhir rantai hanya dapat dipastikan dengan --heads.", fg="green")


@audit.command("head", help="Mencetak kepala setiap rantai, untuk disimpan di luar basis data: kode, nomor, hash.")
@area_option
def print_heads(code: AreaCode | None) -> None:
    area = code or EVERYWHERE
    with application(), scope(area):
        for head in heads(area):
            click.echo(f"{head.area} {head.seq} {head.hash.hex()}")


@audit.command("tail", help="Catatan terbaru.")
@area_option
@click.option("-n", "count", type=click.IntRange(1, 1000), default=20, show_default=True, help="Berapa banyak.")
def print_tail(code: AreaCode | None, count: int) -> None:
    area = code or EVERYWHERE
    with application(), scope(area):
        rows = entries_page(area, AuditFilter(), None, size=count).rows
        if rows:
            print_table(("waktu", "wilayah", "nomor", "pelaku", "perbuatan"), [_line(row) for row in reversed(rows)])
        else:
            click.echo("Belum ada catatan.")


def _line(row: EntryRow) -> tuple[str, ...]:
    entry = row.entry
    at = entry.at.astimezone()
    return f"{at:%Y-%m-%d %H:%M:%S %Z}", code_of(entry.area_id), str(entry.seq), entry.user_name, row.words


def _read_heads(path: Path) -> list[Head]:
    """Raises: Problem: a line that `audit head` does not write."""
    found = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            code, seq, digest = line.split()
            area = EVERYWHERE if code == code_of(EVERYWHERE.id) else AreaCode.parse(code)
            found.append(Head(area.id, int(seq), bytes.fromhex(digest)))
        except ValueError:
            raise Problem(
                f"{path}, baris {number}: harus kode wilayah, nomor, dan hash, seperti hasil `puskesos audit head`."
            ) from None
    return found
