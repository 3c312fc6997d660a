"""Plugins that an installation refuses, by name and version: what is known to harm is not even imported.

A TOML file, ``blocklist.toml`` in the data folder or the one that ``PLUGINS_BLOCKLIST`` names::

    [[plugin]]
    name = "homevisit"
    versions = "<1.4.2"      # as pip writes ranges; without it, every version
    reason = "Menampilkan NIK di papan antrean. Pasang 1.4.2."
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

KEYS = {"name", "versions", "reason"}


class BlocklistError(ValueError):
    """The file cannot be understood; a list that protects nobody must not go unnoticed."""


@dataclass(frozen=True)
class Blocked:
    """One entry. A version that is no version in the sense of PEP 440 lies in every range."""

    name: str
    versions: SpecifierSet
    reason: str

    def holds(self, name: str, version: str) -> bool:
        if name != self.name:
            return False
        try:
            return self.versions.contains(Version(version), prereleases=True)
        except InvalidVersion:
            return True


@dataclass(frozen=True)
class Blocklist:
    entries: tuple[Blocked, ...] = ()

    def find(self, name: str, version: str) -> Blocked | None:
        return next((entry for entry in self.entries if entry.holds(name, version)), None)

    def find_all_versions(self, name: str) -> Blocked | None:
        """An entry that leaves no version."""
        return next((entry for entry in self.entries if entry.name == name and not len(entry.versions)), None)


def read_blocklist(path: Path | None) -> Blocklist:
    """Raises: BlocklistError: the file is not there or says something that is not understood."""
    if path is None:
        return Blocklist()
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BlocklistError(f"Daftar blokir modul {path} tidak dapat dibaca: {error}") from error
    entries = content.pop("plugin", [])
    if content or not isinstance(entries, list):
        raise BlocklistError(f"Daftar blokir modul {path}: hanya [[plugin]] yang dikenal, bukan {sorted(content)}.")
    return Blocklist(tuple(_entries(path, entries)))


def _entries(path: Path, entries: Iterable[object]) -> Iterable[Blocked]:
    for number, entry in enumerate(entries, start=1):
        where = f"Daftar blokir modul {path}, [[plugin]] ke-{number}"
        if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()):
            raise BlocklistError(f"{where}: tulis name, versions, dan reason sebagai teks.")
        if unknown := entry.keys() - KEYS:
            raise BlocklistError(f"{where}: {', '.join(sorted(unknown))} tidak dikenal.")
        if not entry.get("name") or not entry.get("reason"):
            raise BlocklistError(f"{where}: name dan reason harus diisi.")
        try:
            yield Blocked(entry["name"], SpecifierSet(entry.get("versions", "")), entry["reason"])
        except InvalidSpecifier as error:
            raise BlocklistError(f'{where}: versions harus seperti "<1.4.2" atau ">=2,<2.3".') from error
