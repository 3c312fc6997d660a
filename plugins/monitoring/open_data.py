"""What may be published of a month: counts of cases without anybody's data, with the small ones hidden.

Always made for the whole district at once, so that the page of a village, of its kecamatan and of the district hide the
same cells: one would otherwise tell what the other hides. Only villages that publish (``MonitoringSettings``) are in
it, in the sums too; and only months that have been over for some while (``published_after``), whose figures stand
still: the difference between two days would be a single case.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from core.api import Area, AreaCode, Settings, Text, db, district_of, gettext, settings_of_all, today, villages_in
from core.api import lazy_gettext as _

from .models import MonitoringMonth
from .months import first_of, month_key, months_before
from .rulebook import age_groups, rule_on
from .settings import MonitoringSettings
from .suppression import Line, hidden_cells
from .words import SEXES, group_title

RESULTS: Mapping[str, Text] = {
    "local": _("selesai di desa"),
    "elsewhere": _("selesai lewat rujukan"),
    "refused": _("ditolak"),
    "cancelled": _("kasus dibatalkan"),
}
PUBLISHED_GROUPS = ("sector", "sex", "age")
"""RT and programme are not among them: in a village they are groups of a few families."""

MEASURES: Mapping[str, Text] = {
    "received": _("kasus diterima"),
    "closed": _("kasus ditutup"),
    "referred": _("kasus dirujuk"),
}

COLUMNS: Mapping[str, Text] = {
    "area": _("Kode wilayah menurut Kemendagri"),
    "name": _("Nama wilayah; untuk kecamatan dan kabupaten: jumlah desa yang menerbitkan datanya"),
    "level": _("village (desa/kelurahan), kecamatan, atau district (kabupaten/kota)"),
    "month": _("Bulan, tahun-bulan"),
    "measure": _("received (diterima), closed (ditutup), atau referred (dirujuk)"),
    "by": _("Pembagian: total, result (hasil), sector (bidang), sex (jenis kelamin), atau age (umur)"),
    "key": _("Bagian dari pembagian itu; kosong untuk total"),
    "count": _("Banyaknya kasus; kosong bila disembunyikan"),
    "hidden": _("1 bila disembunyikan karena kecil atau karena dapat dihitung darinya, 0 bila tidak"),
}


class Cell(NamedTuple):
    """One count: of an area (its id), a measure, and a part of it."""

    area: int
    measure: str
    by: str = "total"
    key: str = ""


@dataclass(frozen=True)
class OpenMonth:
    """A month as it is published. ``hidden`` are cells of ``counts`` that are not told."""

    month: date
    counts: Mapping[Cell, int]
    hidden: frozenset[Cell]
    titles: Mapping[int, str]
    licence: str
    small: int
    made_at: datetime | None

    def rows(self, inside: AreaCode) -> list[dict[str, Any]]:
        """Those of an area and of what lies in it, by code, as in the file: ``COLUMNS``."""
        levels = {2: "district", 3: "kecamatan", 4: "village"}
        return [
            {
                "area": str(code),
                "name": self.titles[cell.area],
                "level": levels[code.level],
                "month": month_key(self.month),
                "measure": cell.measure,
                "by": cell.by,
                "key": cell.key,
                "count": None if cell in self.hidden else count,
                "hidden": int(cell in self.hidden),
            }
            for cell, count in self.counts.items()
            if inside.covers(code := AreaCode.from_id(cell.area))
        ]


def cell_title(cell: Cell) -> str:
    """What a count is of, in words."""
    if cell.by == "total":
        return str(MEASURES[cell.measure])
    return str(RESULTS[cell.key]) if cell.by == "result" else group_title(cell.by, cell.key)


def published_until(timezone: str) -> date:
    """The newest month that may be published."""
    this = first_of(today(timezone))
    return months_before(this, rule_on(this).published_after + 1)


def open_month(district: Area, month: date) -> OpenMonth:
    """Of all villages of a district that publish: four queries.

    Args:
        month: nothing is in it when it is later than ``published_until``.
    """
    villages = {each.id: each for each in villages_in(district.interval) if "monitoring" in each.enabled}
    settings = settings_of_all((each.interval for each in villages.values()), MonitoringSettings)
    rows = _rows(district, month, settings) if month <= published_until(district.timezone) else []
    ages = age_groups(rule_on(month).ages)
    counts: dict[Cell, int] = {}
    for row in sorted(rows, key=lambda each: each.village_id):
        for area in (row.village_id, row.village_id // 10_000 * 10_000, district_of(villages[row.village_id]).id):
            for cell, count in _cells(area, row, ages):
                counts[cell] = counts.get(cell, 0) + count
    small = rule_on(month).small
    titles = {row.village_id: villages[row.village_id].title for row in rows}
    for row in rows:
        titles[row.village_id // 10_000 * 10_000] = villages[row.village_id].path.partition(" · ")[0]
    if rows:
        titles[district.id] = district.title
    return OpenMonth(
        month=month,
        counts=dict(sorted(counts.items(), key=lambda item: item[0].area)),
        hidden=frozenset(hidden_cells(counts, _lines(counts), small)),
        titles=titles,
        licence=next((str(each.licence) for each in settings.values() if each.publish and each.licence), ""),
        small=small,
        made_at=max((row.made_at for row in rows), default=None),
    )


def _rows(district: Area, month: date, settings: Mapping[int, Settings]) -> Sequence[Any]:
    publishing = [village_id for village_id, each in settings.items() if each.publish]
    query = select(
        MonitoringMonth.village_id, MonitoringMonth.figures, MonitoringMonth.detail, MonitoringMonth.made_at
    ).where(
        MonitoringMonth.village_id.between(district.id, district.hi),
        MonitoringMonth.month == month,
        MonitoringMonth.village_id.in_(publishing),
    )
    return db.session.execute(query).all()


def _cells(area: int, row: Any, ages: Sequence[str]) -> Iterable[tuple[Cell, int]]:
    """A village's counts, as those of ``area``."""

    def amount(name: str) -> int:
        return int((row.figures.get(f"monitoring.{name}") or [0])[0] or 0)

    local = amount("local")
    results = {
        "local": local,
        "elsewhere": amount("solved") - local,
        "refused": amount("refused"),
        "cancelled": amount("cancelled"),
    }
    yield Cell(area, "received"), amount("received")
    for group in PUBLISHED_GROUPS:
        lines = row.detail["groups"].get(group, {})
        known = {"sex": tuple(SEXES), "age": ages}.get(group, ())
        for key in sorted({*known, *lines}):
            yield Cell(area, "received", group, key), lines.get(key, [0])[0]
    yield Cell(area, "closed"), sum(results.values())
    for key, count in results.items():
        yield Cell(area, "closed", "result", key), count
    yield Cell(area, "referred"), amount("referred")


def _lines(counts: Mapping[Cell, int]) -> list[Line[Cell]]:
    """What adds up: the parts of a measure in each area, and the areas inside an area for each cell."""
    parts: dict[tuple[int, str, str], list[Cell]] = {}
    below: dict[tuple[int, str, str, str], list[Cell]] = {}
    for cell in counts:
        if cell.by != "total":
            parts.setdefault((cell.area, cell.measure, cell.by), []).append(cell)
        above = AreaCode.from_id(cell.area).parent
        if above is not None and Cell(above.id, *cell[1:]) in counts:
            below.setdefault((above.id, *cell[1:]), []).append(cell)
    lines = [Line(cells, Cell(area, measure)) for (area, measure, _by), cells in parts.items()]
    return lines + [Line(cells, Cell(*key)) for key, cells in below.items()]


def csv_cell(value: Any) -> Any:
    """Blank for what is hidden."""
    return "" if value is None else value


def described() -> list[tuple[str, str]]:
    """The columns of the file with what they mean."""
    return [(name, str(text)) for name, text in COLUMNS.items()]


def notice(small: int) -> str:
    """What whoever uses the file has to know."""
    return gettext(
        "Jumlah 1 sampai %(most)s disembunyikan, begitu juga jumlah lain yang darinya jumlah itu dapat dihitung. "
        "Kasus layanan terbatas tidak dihitung. "
        "Jumlah kecamatan dan kabupaten hanya dari desa yang menerbitkan datanya.",
        most=small - 1,
    )
