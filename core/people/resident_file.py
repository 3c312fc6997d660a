"""The resident file as a kind of import: OpenSID's template, saved as a whole or not at all."""

from pathlib import Path
from typing import Any

from core.imports.kind import ImportColumn, ImportKind, ImportRun, Undone
from core.imports.kinds import core_kind
from core.imports.rows import FileRows, Findings
from core.imports.sheets import MAX_ROWS
from core.texts import lazy_gettext as _

from .import_apply import apply_staged
from .import_doubts import tell_doubts
from .import_rows import read_rows
from .import_staging import stage
from .import_undo import undo_changes
from .opensid import refuse_rounded_columns
from .opensid_template import LAYOUT

SAMPLE = Path(__file__).parent / "sample" / "penduduk-contoh.xlsx"


def _columns() -> tuple[ImportColumn, ...]:
    """In the template's order; people know these columns by what OpenSID calls them."""
    others = {key: tuple(alias for alias, column in LAYOUT.aliases.items() if column == key) for key in LAYOUT.columns}
    return tuple(ImportColumn(key, key, (key, *others[key]), key in LAYOUT.required) for key in LAYOUT.columns)


def check(run: ImportRun, rows: FileRows, found: Findings) -> None:
    """Copies the good rows beside the register and compares both; what was found so is there for :func:`apply`.

    Raises:
        FileError: a spreadsheet has rounded a whole column of numbers.
    """
    refuse_rounded_columns(rows.sheet)
    people = read_rows(rows, found, today=run.today, area_code=run.area.code)
    found.figures |= stage(people, run.area.id).as_dict()
    if not run.applying:
        tell_doubts(run.area.id, people, found)


def apply(run: ImportRun, _checked: Any) -> None:
    assert run.id is not None  # noqa: S101 - a dry run is not applied
    apply_staged(run.area.id, run.id)


def undo(run: ImportRun) -> Undone:
    assert run.id is not None  # noqa: S101 - a dry run is not undone
    return undo_changes(run.area.id, run.id)


RESIDENTS = core_kind(
    ImportKind(
        name="people.residents",
        title=_("Penduduk"),
        permission="people.import",
        columns=_columns(),
        check=check,
        apply=apply,
        undo=undo,
        home="people.index",
        whole=True,
        figures={
            "new": _("warga baru"),
            "changed": _("berubah"),
            "unchanged": _("tetap sama"),
            "new_households": _("keluarga baru"),
            "changed_households": _("keluarga berubah"),
        },
        reasons={
            "changed": _("sudah diubah sesudah impor"),
            "used": _("sudah dipakai kasus atau data lain"),
            "family": _("keluarga asalnya sudah tidak ada"),
        },
        notes=(
            _("Ekspor penduduk OpenSID dapat langsung dipakai."),
            _("Warga dikenali dari NIK; yang belum punya NIK dari nama, tanggal lahir, dan nama ibu."),
            _("Isian kosong tidak menimpa data yang ada."),
            _("NIK dan No. KK harus berformat Teks: sebagai angka, lembar kerja mengubah angka terakhirnya."),
        ),
        most_rows=MAX_ROWS,
        sample=SAMPLE,
    )
)
