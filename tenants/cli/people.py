"""`puskesos people`: resident files from the terminal."""

from pathlib import Path

import click

from core.areas.code import AreaCode, Level
from core.people.importing import ImportReport, import_file
from tenants.running import application

from .parameters import AREA, provisioned
from .problems import Problem
from .table import print_table

SHOWN = 20


@click.group("people", help="Mengimpor data penduduk.")
def people() -> None:
    pass


@people.command(
    "import", help="Memasukkan berkas penduduk (templat OpenSID, .xlsx atau .csv): semuanya atau tidak sama sekali."
)
@click.option("--village", "code", type=AREA, required=True, help="Kode desa, misalnya 32.01.15.2008.")
@click.option("--dry-run", is_flag=True, help="Periksa saja, tanpa menyimpan.")
@click.argument("file", metavar="BERKAS", type=click.Path(path_type=Path))
def import_residents(code: AreaCode, file: Path, dry_run: bool) -> None:
    if code.level != Level.VILLAGE:
        raise click.BadParameter(f"{code} bukan kode desa. Tulis seperti 32.01.15.2008.", param_hint="--village")
    if not file.is_file():
        raise Problem(f"Berkas {file} tidak ada. Periksa nama dan foldernya.")
    with application():
        area = provisioned(code)
        with click.progressbar(length=100, label="Memeriksa" if dry_run else "Mengimpor") as bar:
            report = import_file(
                area,
                file,
                dry_run=dry_run,
                on_progress=lambda done, total: bar.update(max(0, 100 * done // max(total, 1) - bar.pos)),
            )
        _print(report, dry_run=dry_run)


def _print(report: ImportReport, *, dry_run: bool) -> None:
    for note in report.notes:
        click.echo(note)
    if report.findings:
        rows = [
            (
                str(item.row_no),
                item.column,
                item.value,
                "salah" if item.is_error else "periksa",
                f"{item.message} {item.fix}",
            )
            for item in report.findings[:SHOWN]
        ]
        print_table(("baris", "kolom", "isi", "sifat", "keterangan"), rows)
        if len(report.findings) > SHOWN:
            click.echo(f"… dan {len(report.findings) - SHOWN} lagi")
    if report.problem or report.errors:
        errors = f"{len(report.errors)} kesalahan. Perbaiki di berkas, lalu ulangi."
        raise Problem(f"Tidak ada yang disimpan: {report.problem or errors}")
    counts = report.counts
    if counts:
        click.echo(f"{counts.new} warga baru, {counts.changed} berubah, {counts.unchanged} tetap.")
        click.echo(f"{counts.new_households} keluarga baru, {counts.changed_households} berubah.")
    click.echo("Pemeriksaan saja: tidak ada yang disimpan." if dry_run else "Tersimpan.")
