"""A table of a TOML file, read key by key with types; every fault is noted with the place where it stands."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any


class Table:
    """``where`` is how people find it, such as "[[staff]] ke-2"; ``problems`` is shared by all tables of a file."""

    def __init__(self, content: dict[str, Any], where: str = "", problems: list[str] | None = None) -> None:
        self._content = content
        self._where = where
        self.problems: list[str] = [] if problems is None else problems

    def refuse(self, key: str, problem: str) -> None:
        place = " ".join(part for part in (self._where, key) if part)
        self.problems.append(f"{place}: {problem}")

    def only(self, *known: str) -> None:
        """Refuse every key that is not ``known``: a misspelt one would be ignored in silence."""
        for key in self._content:
            if key not in known:
                self.refuse(key, f"tidak dikenal. Yang dapat ditulis di sini: {', '.join(known)}.")

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def table(self, key: str, *, required: bool = False) -> "Table":
        """The table ``[key]``; an empty one when it is missing."""
        value = self._content.get(key)
        if value is None and required:
            self.refuse(f"[{key}]", "belum ada. Tambahkan bagian ini.")
        elif value is not None and not isinstance(value, dict):
            self.refuse(key, f"harus berupa bagian [{key}].")
        return Table(value if isinstance(value, dict) else {}, f"[{key}]", self.problems)

    def tables(self, key: str) -> list["Table"]:
        """The tables ``[[key]]`` in the order of the file."""
        value = self._content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.refuse(key, f"harus berupa bagian [[{key}]], dengan dua kurung siku.")
            return []
        return [Table(item, f"[[{key}]] ke-{number}", self.problems) for number, item in enumerate(value, start=1)]

    def text(self, key: str) -> str | None:
        """A text that must be there."""
        value = self._content.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        fault = "belum ada" if value is None else "harus berupa teks yang tidak kosong"
        return self.refuse(key, f'{fault}. Tulis {key} = "…".')

    def texts(self, key: str) -> list[str]:
        value = self._content.get(key, [])
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return list(dict.fromkeys(value))
        self.refuse(key, f'harus berupa daftar teks. Tulis {key} = ["…", "…"].')
        return []

    def boolean(self, key: str, *, required: bool = False) -> bool | None:
        value = self._content.get(key)
        if isinstance(value, bool) or (value is None and not required):
            return value
        return self.refuse(key, f"harus true atau false. Tulis {key} = true.")

    def date(self, key: str) -> date | None:
        value = self._content.get(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        return self.refuse(key, f"harus berupa tanggal tanpa tanda kutip. Tulis {key} = 2026-12-31.")
