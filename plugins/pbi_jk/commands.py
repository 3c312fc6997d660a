"""Lists of deactivated members at the terminal: bring a file in, and hand the report out."""

from pathlib import Path

import click

from core.api import AreaCode, CaseError, FileError, commit, db, gettext, record, scope, today

from .list_files import COLUMNS, DryRun, dry_run, missing_columns
from .listing import Filter, all_lines
from .lists import apply, keep_draft
from .services import reactivation
from .sheet import sheet


class Village(click.ParamType):
    name = "desa"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> AreaCode:
        try:
            return AreaCode.parse(value)
        except ValueError:
            self.fail(f"{value!r} bukan kode wilayah. Tulis seperti 32.01.15.2008.", param, ctx)


@click.command("import", help="Memasukkan berkas daftar nonaktif PBI-JK ke daftar panggilan sebuah desa.")
@click.argument("village", metavar="DESA", type=Village())
@click.argument("file", metavar="BERKAS", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", "only_check", is_flag=True, help="Hanya memeriksa; tidak ada yang tersimpan.")
@click.option(
    "--column", "columns", multiple=True, metavar="KOLOM=JUDUL", help='Judul kolom di berkas, misalnya nik="NO NIK".'
)
def import_list(village: AreaCode, file: Path, *, only_check: bool, columns: tuple[str, ...]) -> None:
    chosen, day = _columns(columns), today("Asia/Jakarta")
    with scope(village):
        try:
            draft = keep_draft(village, file, file.name, None, chosen or None)
            if missing := missing_columns(draft.columns):
                raise CaseError(gettext("Pilih dulu kolom untuk: %(columns)s.", columns=", ".join(map(str, missing))))
            found = dry_run(draft, day, str(village)) if only_check else apply(village, draft, day)
        except (FileError, CaseError) as problem:
            db.session.rollback()
            raise click.ClickException(str(problem)) from problem
        _tell(found)
        if only_check:
            db.session.rollback()
        else:
            commit()


def _columns(given: tuple[str, ...]) -> dict[str, str]:
    pairs = {key: header for key, _sign, header in (item.partition("=") for item in given)}
    if unknown := sorted(set(pairs) - set(COLUMNS)):
        raise click.BadParameter(f"{unknown}: {', '.join(COLUMNS)}", param_hint="--column")
    return pairs


def _tell(found: DryRun) -> None:
    for finding in found.findings:
        click.echo(f"{finding.row_no}: {finding.nik} {finding.message} {finding.fix}")
    click.echo(
        gettext(
            "%(members)s orang: %(matched)s cocok, %(doubtful)s nama berbeda, %(unknown)s tidak ditemukan; "
            "%(skipped)s dilewati",
            members=len(found.members),
            matched=found.matched,
            doubtful=found.doubtful,
            unknown=found.unknown,
            skipped=found.skipped,
        )
    )


@click.command("members", help="Menyimpan daftar nonaktif PBI-JK satu desa sebagai berkas Excel; NIK disamarkan.")
@click.argument("village", metavar="DESA", type=Village())
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Nama berkas yang ditulis.")
def members(village: AreaCode, output: Path | None) -> None:
    output = output or Path(f"pbi-nonaktif-{village}.xlsx")
    with scope(village):
        lines = all_lines(village.id, Filter("all"), today())
        output.write_bytes(sheet(lines, reactivation.workflow, full_nik=False).getvalue())
        record("pbi_jk.list_downloaded", "pbi_jk_list", village, members=len(lines), full_nik=False)
        commit()
    click.echo(gettext("%(members)s orang ditulis ke %(file)s", members=len(lines), file=output))
