"""`puskesos import`: any kind of file from the terminal."""

from pathlib import Path
from uuid import UUID

import click
from werkzeug.datastructures import MultiDict

from core.areas.code import AreaCode, Level
from core.areas.current import CurrentArea
from core.cases.answers import answers_of
from core.database.session import scope
from core.imports.kind import ImportKind
from core.imports.kinds import CORE_KINDS, kind_in
from core.imports.terminal import import_file
from core.imports.working import ImportReport
from core.platform import platform
from tenants.running import application

from .parameters import AREA, provisioned
from .problems import Problem
from .table import print_table

SHOWN = 20
LEVELS = {"error": "salah", "warning": "periksa", "same": "sudah ada"}


@click.command("import", help="Memasukkan berkas .xlsx atau .csv ke sebuah desa: diperiksa, lalu diterapkan.")
@click.argument("kind", metavar="JENIS")
@click.argument("code", metavar="DESA", type=AREA)
@click.argument("file", metavar="BERKAS", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Periksa saja, tanpa menyimpan.")
@click.option("--about", default="", help="Ke mana berkasnya dimasukkan, misalnya penyaluran 2026/3.")
@click.option("--sheet", default="", help="Nama lembarnya, bila berkasnya punya beberapa.")
@click.option(
    "--column", "columns", multiple=True, metavar="KOLOM=JUDUL", help='Judul di berkas, misalnya nik="NO NIK".'
)
@click.option("--set", "answers", multiple=True, metavar="ISIAN=NILAI", help="Isian lain yang diminta bersama berkas.")
def import_any(  # noqa: PLR0917 - the command's own arguments
    kind: str,
    code: AreaCode,
    file: Path,
    dry_run: bool,
    about: str,
    sheet: str,
    columns: tuple[str, ...],
    answers: tuple[str, ...],
) -> None:
    if code.level != Level.VILLAGE:
        raise click.BadParameter(f"{code} bukan kode desa. Tulis seperti 32.01.15.2008.", param_hint="DESA")
    if not file.is_file():
        raise Problem(f"Berkas {file} tidak ada. Periksa nama dan foldernya.")
    with application():
        area = provisioned(code)
        found = _kind(area, kind)
        chosen = _pairs(columns, {column.key for column in found.columns}, "--column")
        with click.progressbar(length=100, label="Memeriksa" if dry_run else "Mengimpor") as bar:
            report = import_file(
                area,
                found,
                file,
                dry_run=dry_run,
                about=_target(area, found, about),
                answers=_answers(found, answers),
                columns=chosen,
                sheet=sheet,
                on_progress=lambda done, total: bar.update(max(0, 100 * done // max(total, 1) - bar.pos)),
            )
        print_report(found, report, dry_run=dry_run)


def _kind(area: CurrentArea, name: str) -> ImportKind:
    if found := kind_in(area, name):
        return found
    known = ", ".join(sorted({*CORE_KINDS, *platform().plugins.imports}))
    raise Problem(f"Jenis impor {name} tidak ada, atau modulnya mati di {area.title}. Yang dikenal: {known}.")


def _target(area: CurrentArea, kind: ImportKind, about: str) -> UUID | None:
    if kind.find_target is None:
        return None
    with scope(area):
        target = kind.find_target(area, about) if about else None
    if target is None:
        raise Problem(f"{about or 'Tujuannya'} tidak ada di {area.title}. Sebutkan dengan --about.")
    return target.id


def _answers(kind: ImportKind, given: tuple[str, ...]) -> dict[str, object]:
    if kind.form is None:
        return {}
    form = kind.form(MultiDict(_pairs(given, {field.name for field in kind.form()}, "--set")))
    if not form.validate():
        wrong = "; ".join(f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items())
        raise Problem(f"Isian belum benar. {wrong}")
    return answers_of(form)


def _pairs(given: tuple[str, ...], known: set[str], option: str) -> dict[str, str]:
    pairs = {key: value for key, _sign, value in (item.partition("=") for item in given)}
    if unknown := sorted(set(pairs) - known):
        raise click.BadParameter(
            f"{', '.join(unknown)} tidak dikenal. Yang ada: {', '.join(sorted(known))}", param_hint=option
        )
    return pairs


def print_report(kind: ImportKind, report: ImportReport, *, dry_run: bool) -> None:
    for note in report.notes:
        click.echo(note)
    findings = report.found.items
    if findings:
        rows = [
            (str(item.row_no), item.column, item.value, LEVELS[item.level], f"{item.message} {item.fix}")
            for item in findings[:SHOWN]
        ]
        print_table(("baris", "kolom", "isi", "sifat", "keterangan"), rows)
        if len(findings) > SHOWN:
            click.echo(f"… dan {len(findings) - SHOWN} lagi")
    if report.state == "columns":
        headers = ", ".join(report.sheet.head.headers) if report.sheet else ""
        missing = ", ".join(key for key in kind.required if not report.columns.get(key))
        raise Problem(f"Kolom wajib tidak ditemukan: {missing}. Pilih dengan --column; judul di berkas: {headers}.")
    if report.state not in ("checked", "applied"):
        reason = report.problem or f"{len(report.errors)} kesalahan. Perbaiki di berkas, lalu ulangi."
        raise Problem(f"Tidak ada yang disimpan: {reason}")
    counts = report.counts
    figures = "".join(f", {counts[key]} {title}" for key, title in kind.figures.items() if key in counts)
    click.echo(f"{report.total} baris{figures}.")
    click.echo(f"{counts['ready']} dapat disimpan, {counts['left_out']} salah, {counts['same']} sudah ada.")
    if report.state == "checked" and not dry_run:
        raise Problem(report.problem or "Tidak ada yang disimpan.")
    click.echo("Pemeriksaan saja: tidak ada yang disimpan." if dry_run else "Tersimpan.")
