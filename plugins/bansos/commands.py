"""``puskesos bansos import`` and ``puskesos bansos unfetched``: a list in, and who has not come, without a browser."""

from pathlib import Path

import click

from core.api import AreaCode, CaseError, FileError, commit, db, gettext, scope

from . import recipient_files as files
from .distributions import current, distribution_called
from .documents import place_of
from .models import AidDistribution
from .recipients import all_rows


class Village(click.ParamType):
    name = "desa"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> AreaCode:
        try:
            return AreaCode.parse(value)
        except ValueError:
            self.fail(f"{value!r} bukan kode wilayah. Tulis seperti 32.01.15.2008.", param, ctx)


def _called(village: AreaCode, reference: str) -> AidDistribution:
    found = distribution_called(village.id, reference)
    if found is None:
        raise click.ClickException(gettext("Tidak ada penyaluran %(reference)s di desa ini.", reference=reference))
    return found


@click.command(
    "import", help="Memasukkan daftar penerima (.xlsx atau .csv) ke penyaluran sebuah desa, misalnya 2026/3."
)
@click.argument("village", metavar="DESA", type=Village())
@click.argument("reference", metavar="PENYALURAN")
@click.argument("path", metavar="BERKAS", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--nik-column", default="", help="Judul kolom NIK, bila bukan NIK.")
@click.option("--name-column", default="", help="Judul kolom nama, bila bukan Nama.")
@click.option("--dry-run", is_flag=True, help="Hanya memeriksa; tidak ada yang disimpan.")
def import_recipients(  # noqa: PLR0917 - the command's own arguments
    village: AreaCode, reference: str, path: Path, nik_column: str, name_column: str, dry_run: bool
) -> None:
    """Rows that are wrong are told and left out, as on the page; it can be undone there."""
    with scope(village):
        distribution = _called(village, reference)
        try:
            distribution = current(village.id, distribution.id)
            checked = files.check(distribution, path, nik_column, name_column)
        except (CaseError, FileError) as problem:
            db.session.rollback()
            raise click.ClickException(str(problem)) from problem
        for finding in checked.findings:
            click.echo(
                gettext(
                    "Baris %(row)s, %(kind)s: %(message)s %(fix)s",
                    row=finding.row_no,
                    kind=files.KINDS[finding.kind],
                    message=finding.message,
                    fix=finding.fix,
                )
            )
        if dry_run:
            db.session.rollback()
            click.echo(gettext("%(n)s orang akan masuk; tidak ada yang disimpan.", n=len(checked.people)))
            return
        kept = files.keep(distribution, path.name, checked, nik_column, name_column, None)
        added = files.apply(distribution, kept)
        commit()
    click.echo(gettext("%(n)s penerima ditambahkan.", n=added))


@click.command("unfetched", help="Siapa yang belum mengambil bantuan sebuah penyaluran, menurut RW dan RT.")
@click.argument("village", metavar="DESA", type=Village())
@click.argument("reference", metavar="PENYALURAN")
def list_unfetched(village: AreaCode, reference: str) -> None:
    with scope(village):
        rows = all_rows(_called(village, reference), "waiting")
        for row in rows:
            click.echo(f"{row.recipient.number:>5}  {place_of(row.person.household):<16} {row.person.name}")
    click.echo(gettext("%(n)s orang belum mengambil", n=len(rows)))
