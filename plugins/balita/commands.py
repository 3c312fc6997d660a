"""Bringing a file of measurements in at the terminal, as the page does."""

from pathlib import Path

import click

from core.api import AreaCode, commit, db, gettext, scope, today

from .import_check import check_rows
from .import_file import FileRefused, read_file
from .imports import apply, receive


@click.command("import")
@click.argument("village")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Hanya memeriksa; tidak ada yang tersimpan.")
def import_measurements(village: str, file: Path, dry_run: bool) -> None:
    """Hasil ukur balita dari berkas CSV: diperiksa, lalu baris yang benar disimpan; dapat diurungkan di situs."""
    try:
        code = AreaCode.parse(village)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    raw = file.read_bytes()
    with scope(code):
        day = today("Asia/Jakarta")
        try:
            checked = check_rows(code.id, read_file(raw), day)
            for each in checked:
                for finding in each.row.findings:
                    kind = gettext("salah") if finding.is_error else gettext("periksa")
                    place = f"{each.row.row_no:>5} {kind} {finding.column}"
                    click.echo(f"{place}: {finding.message} {finding.fix}")
            if dry_run:
                db.session.rollback()
                usable = sum(each.kind in ("ok", "warning") for each in checked)
                click.echo(gettext("%(n)s baris dapat disimpan; tidak ada yang tersimpan.", n=usable))
                return
            made = receive(code.id, file.name, raw, day, by=None)
        except FileRefused as refusal:
            raise click.ClickException(str(refusal)) from refusal
        written = apply(code.id, made.id, made.version)
        commit()
    click.echo(gettext("%(n)s hasil ukur tersimpan.", n=written))
