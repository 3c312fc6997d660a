"""``puskesos dtsen deciles`` and ``puskesos dtsen log``: a file of deciles in and the log out, without a browser."""

from datetime import datetime
from pathlib import Path

import click

from core.api import AreaCode, CaseError, FileError, commit, db, gettext, record, scope

from . import decile_files as files
from .decile_reading import KINDS, check
from .entries import Filter, all_entries
from .sheet import log_sheet


class Village(click.ParamType):
    name = "desa"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> AreaCode:
        try:
            return AreaCode.parse(value)
        except ValueError:
            self.fail(f"{value!r} bukan kode wilayah. Tulis seperti 32.01.15.2008.", param, ctx)


@click.command("deciles", help="Memasukkan berkas desil resmi (.xlsx atau .csv) sebuah desa.")
@click.argument("village", metavar="DESA", type=Village())
@click.argument("path", metavar="BERKAS", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--on", "decile_on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Desil per tanggal.")
@click.option("--source", required=True, help="Sumbernya, misalnya SIKS-NG.")
@click.option("--dry-run", is_flag=True, help="Hanya memeriksa; tidak ada yang disimpan.")
def import_deciles(village: AreaCode, path: Path, decile_on: datetime, source: str, dry_run: bool) -> None:
    """Rows that are wrong are told and left out, as on the page; it can be undone there."""
    with scope(village):
        try:
            checked = check(village.id, path, files.columns_last_used(village.id))
            for found in checked.findings:
                click.echo(
                    gettext(
                        "Baris %(row)s, %(kind)s: %(message)s %(fix)s",
                        row=found.row_no,
                        kind=KINDS[found.kind],
                        message=found.message,
                        fix=found.fix,
                    )
                )
            if dry_run:
                db.session.rollback()
                click.echo(gettext("%(n)s keluarga terbaca; tidak ada yang disimpan.", n=len(checked.deciles)))
                return
            day, columns = decile_on.date(), files.columns_last_used(village.id)
            kept = files.keep(village.id, path.name, checked, day, source[:80], columns, None)
            moved = files.apply(village.id, kept.id, kept.version)
        except (CaseError, FileError) as problem:
            db.session.rollback()
            raise click.ClickException(str(problem)) from problem
        commit()
    click.echo(gettext("%(n)s keluarga desilnya berubah.", n=moved))


@click.command("log", help="Menulis catatan SIKS-NG sebuah desa ke lembar kerja .xlsx; NIK disamarkan.")
@click.argument("village", metavar="DESA", type=Village())
@click.argument("path", metavar="BERKAS", type=click.Path(dir_okay=False, path_type=Path))
def export_log(village: AreaCode, path: Path) -> None:
    with scope(village):
        entries = all_entries(village.id, Filter())
        path.write_bytes(log_sheet(entries, full_nik=False).getvalue())
        record("dtsen.log_downloaded", "log", "", entries=len(entries))
        commit()
    click.echo(gettext("%(n)s baris ditulis.", n=len(entries)))
