"""Which column of a file is which: as chosen, as chosen for an earlier file like it, or as the headers say."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from core.database.session import db
from core.people.identity import mask_nik

from .kind import ImportKind
from .models import Import
from .sheets import Sheet

REMEMBERED = 20
"""So many of the village's last files of a kind are looked at."""
MOST_SHEETS = 20


def chosen_columns(item: Import, kind: ImportKind, sheets: Sequence[Sheet]) -> tuple[Sheet, dict[str, str]]:
    """The sheet to read and the header of each column, as far as it is known; the caller looks what is missing."""
    if item.columns:
        sheet = next((sheet for sheet in sheets if sheet.name == item.sheet), sheets[0])
        said = {key: header for key, header in item.columns.items() if header in sheet.head.headers or not header}
        return sheet, {**_guess(sheet, said), **said}
    for name, columns in _remembered(item.village_id, kind.name):
        for sheet in sorted(sheets, key=lambda sheet: sheet.name != name):
            if set(columns.values()) - {""} <= set(sheet.head.headers):
                return sheet, {**_guess(sheet, columns), **columns}
    return sheets[0], dict(sheets[0].head.guess)


def _remembered(village_id: int, kind: str) -> list[tuple[str, dict[str, str]]]:
    """Newest first, each once."""
    query = (
        select(Import.sheet, Import.columns)
        .where(Import.village_id == village_id, Import.kind == kind, Import.columns != {})
        .order_by(Import.created_at.desc())
        .limit(REMEMBERED)
    )
    return [(sheet, columns) for sheet, columns in db.session.execute(query) if any(columns.values())]


def _guess(sheet: Sheet, columns: Mapping[str, str]) -> dict[str, str]:
    """For what the earlier file had no column for: nothing that it used for something else."""
    used = set(columns.values())
    return {key: header for key, header in sheet.head.guess.items() if key not in columns and header not in used}


def missing_columns(kind: ImportKind, columns: Mapping[str, str]) -> list[str]:
    return [key for key in kind.required if not columns.get(key)]


def heads_of(sheets: Sequence[Sheet]) -> list[Any]:
    """What the page on which columns are chosen shows. Numbers of residents are masked: they only tell what is what."""
    return [
        {
            "name": sheet.name,
            "headers": sheet.head.headers,
            "samples": [[_masked(text) for text in row] for row in sheet.head.samples],
            "guess": sheet.head.guess,
        }
        for sheet in sheets[:MOST_SHEETS]
    ]


def _masked(text: str) -> str:
    return mask_nik(text) if re.fullmatch(r"\d{16}", text) else text
