"""The form on which somebody says which column of a file is which."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.texts import Text

from .kind import ImportKind
from .models import Import


@dataclass(frozen=True)
class ColumnField:
    """One of the kind's columns, with what the file may have for it."""

    key: str
    title: Text
    required: bool
    header: str
    samples: list[str]


class ColumnsForm:
    """Of one sheet of a file: ``sheet`` is the one that is looked at, ``chosen`` the header of each column.

    A hand-written form, since its fields are those of the kind, and its choices those of the file.
    """

    def __init__(self, kind: ImportKind, item: Import, sheet: str | None, sent: Mapping[str, str] | None) -> None:
        self.heads: list[Any] = item.heads or []
        names: list[str] = [head["name"] for head in self.heads]
        self.sheet: str = (
            sheet if sheet is not None and sheet in names else item.sheet if item.sheet in names else names[0]
        )
        self.head: Any = self.heads[names.index(self.sheet)]
        self.headers: list[str] = self.head["headers"]
        known = {**self.head["guess"], **(item.columns if self.sheet == item.sheet else {})}
        self.chosen = {
            column.key: self._offered(sent.get(f"column-{column.key}", "") if sent else known.get(column.key, ""))
            for column in kind.columns
        }
        self.fields = [
            ColumnField(c.key, c.title, c.required, self.chosen[c.key], self._samples(self.chosen[c.key]))
            for c in kind.columns
        ]

    def _offered(self, header: str) -> str:
        return header if header in self.headers else ""

    def _samples(self, header: str) -> list[str]:
        if not header:
            return []
        place = self.headers.index(header)
        return [row[place] for row in self.head["samples"] if row[place]]
