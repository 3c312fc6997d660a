"""A district as a file: which of its villages are served, what they offer, who works there.

The file is TOML; `manifests/bogor.toml` shows all of it. Reading answers with a `Manifest` in which every area exists
in the catalogue and every module is installed, or refuses the file with all that is wrong in it.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from core.areas.code import AreaCode, Level
from core.users.accounts import USERNAME
from core.users.permissions import ROLES

from .catalogue import CatalogueArea, find, villages_in
from .toml_table import Table

TICKET = re.compile(r"[A-Z][A-Z0-9]{1,5}")


class ManifestError(Exception):
    """A file that cannot be used. ``problems`` says of each fault where it stands, what it is and what to write."""

    def __init__(self, source: Path, problems: Iterable[str]) -> None:
        self.source = source
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{source}: {problem}" for problem in self.problems))


@dataclass(frozen=True)
class ModuleChoice:
    """A module switched on or off at an area, for it and all below; locked: areas below cannot deviate."""

    area: AreaCode
    module: str
    enabled: bool
    locked: bool = False


@dataclass(frozen=True)
class StaffMember:
    """Somebody's role in an area; ``until`` is the last day. A person with two roles has two entries."""

    username: str
    name: str
    role: str
    area: AreaCode
    until: date | None = None


@dataclass(frozen=True)
class Manifest:
    """A district as it should be. ``tickets`` are the prefixes that the file fixes; others follow from the names.

    ``source`` is None where no file says so, but a person who adds villages one by one.
    """

    source: Path | None
    district: CatalogueArea
    villages: tuple[CatalogueArea, ...]
    modules: tuple[ModuleChoice, ...] = ()
    staff: tuple[StaffMember, ...] = ()
    tickets: dict[AreaCode, str] = field(default_factory=dict)


def read_manifest(path: Path, installed: Collection[str]) -> Manifest:
    """Read and check a district's file.

    Args:
        installed: names of the modules that there are.

    Raises:
        ManifestError: not readable, not TOML, or it says something that cannot be.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ManifestError(path, ["berkas ini tidak ada. Periksa nama dan foldernya."]) from error
    except OSError as error:
        raise ManifestError(path, [f"tidak dapat dibaca ({error.strerror}). Periksa hak bacanya."]) from error
    except UnicodeDecodeError as error:
        raise ManifestError(path, ["bukan teks UTF-8. Simpan ulang berkas itu sebagai UTF-8."]) from error
    except tomllib.TOMLDecodeError as error:
        raise ManifestError(path, [f"bukan TOML yang sah: {error}. Periksa tanda kutip dan kurung di situ."]) from error
    reader = _Reader(Table(content), installed)
    manifest = reader.read(path)
    if manifest is None or reader.problems:
        raise ManifestError(path, reader.problems)
    return manifest


class _Reader:
    """Turns the file's tables into a manifest, noting every fault instead of stopping at the first."""

    def __init__(self, top: Table, installed: Collection[str]) -> None:
        self.top = top
        self.installed = installed
        self.problems = top.problems
        self.district: AreaCode | None = None
        self.villages: dict[AreaCode, CatalogueArea] = {}

    def read(self, path: Path) -> Manifest | None:
        self.top.only("district", "modules", "villages", "tickets", "override", "staff")
        section = self.top.table("district", required=True)
        section.only("code")
        district = self.area(section, "code", Level.DISTRICT)
        if district is None:
            return None
        self.district = district.code
        self.villages = self.selected(district.code)
        return Manifest(
            source=path,
            district=district,
            villages=tuple(self.villages[code] for code in sorted(self.villages)),
            modules=self.choices(district.code),
            staff=self.members(),
            tickets=self.tickets(),
        )

    def selected(self, district: AreaCode) -> dict[AreaCode, CatalogueArea]:
        """The villages of all ``[[villages]]`` together."""
        tables = self.top.tables("villages")
        if not tables:
            self.top.refuse(
                "villages", "belum ada. Tulis [[villages]] dengan all = true, kecamatan = […] atau villages = […]."
            )
        chosen: dict[AreaCode, CatalogueArea] = {}
        for table in tables:
            table.only("all", "kecamatan", "villages")
            roots: list[AreaCode] = [district] if table.boolean("all") else []
            for key, level in (("kecamatan", Level.KECAMATAN), ("villages", Level.VILLAGE)):
                roots += [area.code for text in table.texts(key) if (area := self.known(table, key, text, level))]
            if not roots and not table.problems:
                table.refuse("", "tidak memilih apa pun. Tulis all = true, kecamatan = […] atau villages = […].")
            chosen.update((area.code, area) for root in roots for area in villages_in(root))
        return chosen

    def choices(self, district: AreaCode) -> tuple[ModuleChoice, ...]:
        section = self.top.table("modules")
        section.only("enabled", "locked")
        locked = [name for name in section.texts("locked") if self.is_installed(section, "locked", name)]
        enabled = [name for name in section.texts("enabled") if self.is_installed(section, "enabled", name)]
        for name in locked:
            if name not in enabled:
                section.refuse("locked", f"{name!r} tidak ada di enabled. Untuk mengunci mati, pakai [[override]].")
        found = [ModuleChoice(district, name, True, name in locked) for name in enabled]
        for table in self.top.tables("override"):
            table.only("area", "module", "enabled", "locked")
            area, module = self.area(table, "area"), table.text("module")
            enabled_here = table.boolean("enabled", required=True)
            if area and module and enabled_here is not None and self.is_installed(table, "module", module):
                found.append(ModuleChoice(area.code, module, enabled_here, bool(table.boolean("locked"))))
        self.refuse_doubles("override", (f"{choice.module} di {choice.area}" for choice in found))
        return tuple(found)

    def members(self) -> tuple[StaffMember, ...]:
        found = [member for table in self.top.tables("staff") if (member := self.member(table))]
        self.refuse_doubles("staff", (f"{who.username.lower()} sebagai {who.role} di {who.area}" for who in found))
        names = {who.username.lower(): who.name for who in reversed(found)}
        for who in found:
            if who.name != names[who.username.lower()]:
                self.top.refuse("staff", f"{who.username} disebut dengan dua nama. Samakan, atau pakai dua username.")
        return tuple(found)

    def member(self, table: Table) -> StaffMember | None:
        table.only("username", "name", "role", "area", "until")
        username, name, role = table.text("username"), table.text("name"), table.text("role")
        area, until = self.area(table, "area"), table.date("until")
        if username and not USERNAME.fullmatch(username):
            table.refuse("username", f"{username!r}: pakai huruf, angka, titik, atau garis, paling banyak 64.")
        if role and role not in ROLES:
            table.refuse("role", f"{role!r} tidak dikenal. Pilih: {', '.join(ROLES)}.")
        elif role and area and area.code.level < ROLES[role].level:
            table.refuse("area", f"peran {role} tidak dapat diberikan untuk {area.code}; tulis wilayah di bawahnya.")
        if not (username and name and role and area):
            return None
        return StaffMember(username, name, role, area.code, until)

    def tickets(self) -> dict[AreaCode, str]:
        section = self.top.table("tickets")
        fixed: dict[AreaCode, str] = {}
        for key in section:
            prefix, area = section.text(key), self.known(section, key, key, Level.VILLAGE)
            if prefix and not TICKET.fullmatch(prefix):
                section.refuse(key, f"{prefix!r}: pakai 2–6 huruf besar atau angka, diawali huruf, misalnya CBD.")
            elif prefix and area:
                fixed[area.code] = prefix
        self.refuse_doubles("tickets", fixed.values())
        return fixed

    def area(self, table: Table, key: str, level: Level | None = None) -> CatalogueArea | None:
        text = table.text(key)
        return self.known(table, key, text, level) if text else None

    def known(self, table: Table, key: str, text: str, level: Level | None = None) -> CatalogueArea | None:
        """The area of a code, if it exists, is of this level and is part of what the file serves."""
        example = {Level.DISTRICT: "32.01", Level.KECAMATAN: "32.01.15"}.get(level or Level.VILLAGE, "32.01.15.2008")
        try:
            code = AreaCode.parse(text)
        except ValueError:
            return table.refuse(key, f"{text!r} bukan kode wilayah. Tulis seperti {example}.")
        if level is not None and code.level != level:
            return table.refuse(key, f"{text} bukan kode pada tingkat ini. Tulis seperti {example}.")
        found = find(code)
        if found is None:
            return table.refuse(key, f"{text} tidak ada di Kepmendagri 300.2.2-2138/2025. Periksa angkanya.")
        return found if self.is_served(table, key, code) else None

    def is_served(self, table: Table, key: str, code: AreaCode) -> bool:
        """True also while the district, and then its villages, are not read yet."""
        if self.district is not None and not self.district.covers(code):
            table.refuse(key, f"{code} bukan bagian dari {self.district}. Satu berkas untuk satu kabupaten.")
            return False
        if self.villages and not any(code.covers(village) for village in self.villages):
            table.refuse(key, f"{code} tidak dipilih di [[villages]]. Tambahkan di sana, atau hapus baris ini.")
            return False
        return True

    def is_installed(self, table: Table, key: str, module: str) -> bool:
        if module in self.installed:
            return True
        table.refuse(key, f"modul {module!r} tidak terpasang. Yang ada: {', '.join(sorted(self.installed)) or '–'}.")
        return False

    def refuse_doubles(self, key: str, items: Iterable[str]) -> None:
        for item, count in Counter(items).items():
            if count > 1:
                self.top.refuse(key, f"{item} disebut {count} kali. Sisakan satu.")
