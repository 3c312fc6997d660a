"""Files of deactivated members, as SIKS-NG and BPJS hand them out: whatever their columns are called.

Nothing here writes. Somebody is found by NIK alone; the name only tells whether to look twice.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core.api import (
    FileError,
    Layout,
    Person,
    Text,
    cell_date,
    cell_text,
    check_nik,
    db,
    gettext,
    mask_nik,
    read_head,
    read_table,
    same_name,
)
from core.api import lazy_gettext as _

from .models import LINE, NAME, Line, MemberList

MOST_ROWS = 5_000

COLUMNS: Mapping[str, Text] = {
    "nik": _("NIK"),
    "name": _("Nama"),
    "card_number": _("Nomor kartu BPJS"),
    "inactive_since": _("Nonaktif sejak"),
    "address": _("Alamat"),
}
REQUIRED = ("nik", "name")
LAYOUT = Layout(
    columns=tuple(COLUMNS),
    required=REQUIRED,
    aliases={
        **dict.fromkeys(("no_nik", "nomor nik", "nik peserta", "nik art", "no ktp", "nomor ktp"), "nik"),
        **dict.fromkeys(("nama", "nama lengkap", "nama peserta", "nama art", "nama pbi"), "name"),
        **dict.fromkeys(("no kartu", "nomor kartu", "no kartu bpjs", "noka", "no peserta", "no jkn"), "card_number"),
        **dict.fromkeys(
            ("nonaktif sejak", "tanggal nonaktif", "tgl nonaktif", "tmt nonaktif", "tgl non aktif"), "inactive_since"
        ),
        **dict.fromkeys(("alamat", "alamat lengkap", "alamat domisili"), "address"),
    },
)


@dataclass(frozen=True)
class Finding:
    """What is wrong in a row, and what to do. ``skipped``: the row is left out; else it comes in all the same."""

    row_no: int
    skipped: bool
    nik: str
    message: str
    fix: str


@dataclass(frozen=True)
class Member:
    """A row that comes in."""

    row_no: int
    nik: str
    name: str
    card_number: str
    inactive_since: date | None
    address: str
    person: Person | None
    doubtful: bool


@dataclass
class DryRun:
    """What a draft would bring in."""

    members: list[Member] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def skip(self, row: Member, message: str, fix: str) -> None:
        self.findings.append(Finding(row.row_no, True, mask_nik(row.nik), message, fix))

    @property
    def matched(self) -> int:
        return sum(m.person is not None and not m.doubtful for m in self.members)

    @property
    def doubtful(self) -> int:
        return sum(m.doubtful for m in self.members)

    @property
    def unknown(self) -> int:
        return sum(m.person is None for m in self.members)

    @property
    def skipped(self) -> int:
        return sum(f.skipped for f in self.findings)


def read_file(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """The table of a file as it can be kept, and the header that each of our columns likely has.

    Raises:
        FileError: it cannot be read, has no rows, or more than 5,000.
    """
    head = read_head(path, LAYOUT)
    rows = read_table(path, Layout(columns=tuple(head.headers), required=()))
    if len(rows) > MOST_ROWS:
        raise FileError(
            gettext("Berkas ini berisi %(rows)s baris; batasnya %(limit)s.", rows=len(rows), limit=MOST_ROWS),
            gettext("Bagi menjadi beberapa berkas, misalnya satu berkas per dusun."),
        )
    kept = [[row.row_no, *(_kept(row.cells.get(header)) for header in head.headers)] for row in rows]
    samples = [[_shown(text) for text in row] for row in head.samples]
    return {"headers": head.headers, "samples": samples, "rows": kept}, head.guess


def _shown(text: str) -> str:
    """A whole NIK is masked: the page is there to tell which column is which."""
    return mask_nik(text) if re.fullmatch(r"\d{16}", text) else text


def _kept(cell: Any) -> Any:
    """Numbers stay numbers, so that a rounded NIK can be told."""
    return cell if cell is None or isinstance(cell, str | int | float) else cell_text(cell)


def missing_columns(columns: Mapping[str, str]) -> list[Text]:
    return [COLUMNS[key] for key in REQUIRED if not columns.get(key)]


def dry_run(draft: MemberList, today: date, area_code: str) -> DryRun:
    """Look through a draft: two queries, however many rows it has; nothing while a column it needs is not chosen."""
    found = DryRun()
    if not draft.raw or missing_columns(draft.columns):
        return found
    rows = list(_readable(draft, found, today, area_code))
    people = _people(draft.village_id, [row.nik for row in rows])
    there = _there(draft.village_id, [row.nik for row in rows])
    for row in rows:
        if (row.nik, row.inactive_since) in there:
            found.skip(row, gettext("Sudah ada di daftar sebelumnya."), gettext("Tidak perlu apa-apa."))
            continue
        found.members.append(_matched(row, people.get(row.nik)))
    found.findings.sort(key=lambda finding: finding.row_no)
    return found


def _readable(draft: MemberList, found: DryRun, today: date, area_code: str) -> Iterator[Member]:
    seen: set[str] = set()
    for row_no, cells in _rows(draft):
        row = _read(row_no, cells, found, today, area_code)
        if row is None:
            continue
        if row.nik in seen:
            fix = gettext("Cocokkan dengan KTP; satu orang cukup satu baris.")
            found.skip(row, gettext("NIK ini sudah ada di baris sebelumnya."), fix)
            continue
        seen.add(row.nik)
        yield row


def _rows(draft: MemberList) -> Iterator[tuple[int, dict[str, Any]]]:
    raw = draft.raw or {"headers": [], "rows": []}
    places = {key: raw["headers"].index(h) + 1 for key, h in draft.columns.items() if h in raw["headers"]}
    for row in raw["rows"]:
        yield row[0], {key: row[place] for key, place in places.items()}


def _read(row_no: int, cells: Mapping[str, Any], found: DryRun, today: date, area_code: str) -> Member | None:
    nik = check_nik(cells.get("nik"), area_code=area_code, today=today)
    shown = mask_nik(nik.value) if nik.value else ""

    def tell(message: str, fix: str, *, skipped: bool = False) -> None:
        found.findings.append(Finding(row_no, skipped, shown, message, fix))

    for finding in nik.errors:
        tell(str(finding.message), str(finding.fix), skipped=True)
    name = cell_text(cells.get("name"))[:NAME]
    if not nik.value and not nik.errors:
        tell(gettext("NIK kosong."), gettext("Isi NIK-nya: warga hanya dicari menurut NIK."), skipped=True)
    if not nik.value:
        return None
    if not name:
        tell(
            gettext("Nama kosong."), gettext("Isi namanya, agar terlihat bila NIK-nya milik orang lain."), skipped=True
        )
        return None
    address = cell_text(cells.get("address"))[:LINE]
    return Member(
        row_no, nik.value, name, _card(cells, tell), _since(cells, today, tell), address, None, doubtful=False
    )


def _card(cells: Mapping[str, Any], tell: Any) -> str:
    card = re.sub(r"[\s.\-]", "", cell_text(cells.get("card_number")))
    if not card or re.fullmatch(r"[0-9]{13}", card):
        return card
    tell(
        gettext("Nomor kartu BPJS bukan 13 angka; barisnya masuk tanpa nomor kartu."),
        gettext("Ubah format kolomnya menjadi Teks, lalu ekspor ulang, atau isi saat kasus dibuka."),
    )
    return ""


def _since(cells: Mapping[str, Any], today: date, tell: Any) -> date | None:
    try:
        day = cell_date(cells.get("inactive_since"))
    except ValueError:
        day = date.max
    if day is None or date(2014, 1, 1) <= day <= today:  # JKN began in 2014
        return day
    tell(
        gettext("Tanggal nonaktif tidak terbaca atau belum tiba; barisnya masuk tanpa tanggal."),
        gettext("Tulis seperti 01-02-2026."),
    )
    return None


def _people(village_id: int, niks: Sequence[str]) -> dict[str, Person]:
    query = select(Person).where(Person.village_id == village_id, Person.nik.in_(niks))
    return {person.nik: person for person in db.session.scalars(query) if person.nik}


def _there(village_id: int, niks: Sequence[str]) -> set[tuple[str, date | None]]:
    """Who is on an earlier list, each with the day since when: the same one again would be called twice."""
    query = select(Line.nik, Line.inactive_since).where(Line.village_id == village_id, Line.nik.in_(niks))
    return {(nik, since) for nik, since in db.session.execute(query)}


def _matched(row: Member, person: Person | None) -> Member:
    return replace(row, person=person, doubtful=person is not None and not same_name(row.name, person.name))
