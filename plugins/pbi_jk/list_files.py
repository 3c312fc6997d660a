"""Files of deactivated members, as SIKS-NG and BPJS hand them out, brought in to the call list.

Somebody is found by NIK alone; the name only tells whether to look twice.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, exists, select

from core.api import (
    Case,
    FileRow,
    FileRows,
    Findings,
    ImportColumn,
    ImportKind,
    ImportRun,
    KeptRow,
    Person,
    Undone,
    cell_date,
    db,
    gettext,
    read_nik,
    residents_by_nik,
    same_name,
)
from core.api import lazy_gettext as _

from .models import LINE, NAME, Call, Line
from .services import reactivation

JKN_BEGAN = date(2014, 1, 1)
GONE = {"dead": "died", "moved": "moved"}


@dataclass(frozen=True)
class Member:
    """A row that comes in; ``person`` is the resident with the same NIK, if there is one."""

    row_no: int
    nik: str
    name: str
    card_number: str
    inactive_since: date | None
    address: str
    person: Person | None

    @property
    def doubtful(self) -> bool:
        """The names differ: it is asked first whether it is the same person."""
        return self.person is not None and not same_name(self.name, self.person.name)


# ---- checking ----


def check(run: ImportRun, rows: FileRows, found: Findings) -> list[Member]:
    """Who comes in: two queries, however many rows there are."""
    named = list(_named(run, rows, found))
    niks = [nik for _row, nik in named]
    people, there = residents_by_nik(run.area.id, niks), _there(run.area.id, niks)
    members = []
    for row, nik in named:
        member = _member(row, nik, people.get(nik), found, run.today)
        if (nik, member.inactive_since) in there:
            found.same(row, "nik", gettext("Sudah ada di daftar sebelumnya."), gettext("Tidak perlu apa-apa."))
            continue
        members.append(member)
        if member.doubtful and member.person:
            text = gettext("Di data warga NIK ini milik %(name)s.", name=member.person.name)
            found.warn(row, "name", text, gettext("Masuk daftar, tetapi ditanyakan dulu orangnya sama atau tidak."))
    doubtful, unknown = sum(m.doubtful for m in members), sum(m.person is None for m in members)
    found.figures |= {"matched": len(members) - doubtful - unknown, "doubtful": doubtful, "unknown": unknown}
    return members


def _named(run: ImportRun, rows: FileRows, found: Findings) -> Iterator[tuple[FileRow, str]]:
    """The rows with a NIK that was not there before and a name."""
    seen: set[str] = set()
    for row in rows:
        nik = read_nik(row, found, today=run.today)
        if nik is None:
            continue
        if not row.text("name"):
            fix = gettext("Isi namanya, agar terlihat bila NIK-nya milik orang lain.")
            found.error(row, "name", gettext("Nama kosong."), fix)
        elif nik in seen:
            fix = gettext("Cocokkan dengan KTP; satu orang cukup satu baris.")
            found.error(row, "nik", gettext("NIK ini sudah ada di baris sebelumnya."), fix)
        else:
            seen.add(nik)
            yield row, nik


def _there(village_id: int, niks: Sequence[str]) -> set[tuple[str, date | None]]:
    """Who is on an earlier list, each with the day since when: the same one again would be called twice."""
    query = select(Line.nik, Line.inactive_since).where(Line.village_id == village_id, Line.nik.in_(niks))
    return {(nik, since) for nik, since in db.session.execute(query)}


def _member(row: FileRow, nik: str, person: Person | None, found: Findings, today: date) -> Member:
    name, address = row.text("name")[:NAME], row.text("address")[:LINE]
    return Member(row.row_no, nik, name, _card(row, found), _since(row, found, today), address, person)


def _card(row: FileRow, found: Findings) -> str:
    card = re.sub(r"[\s.\-]", "", row.text("card_number"))
    if not card or re.fullmatch(r"[0-9]{13}", card):
        return card
    text = gettext("Nomor kartu BPJS bukan 13 angka; barisnya masuk tanpa nomor kartu.")
    fix = gettext("Ubah format kolomnya menjadi Teks, lalu ekspor ulang, atau isi saat kasus dibuka.")
    found.warn(row, "card_number", text, fix)
    return ""


def _since(row: FileRow, found: Findings, today: date) -> date | None:
    try:
        day = cell_date(row.cells.get("inactive_since"))
    except ValueError:
        day = date.max
    if day is None or JKN_BEGAN <= day <= today:
        return day
    text = gettext("Tanggal nonaktif tidak terbaca atau belum tiba; barisnya masuk tanpa tanggal.")
    found.warn(row, "inactive_since", text, gettext("Tulis seperti 01-02-2026."))
    return None


# ---- applying and undoing ----


def apply(run: ImportRun, members: Sequence[Member]) -> None:
    """Puts them on the call list."""
    going = _open_cases(run.area.id)
    for member in members:
        sure = member.person if member.person and not member.doubtful else None
        db.session.add(
            Line(
                village_id=run.area.id,
                import_id=run.id,
                person_id=member.person.id if member.person else None,
                case_id=going.get(sure.id) if sure else None,
                row_no=member.row_no,
                nik=member.nik,
                name=member.name,
                card_number=member.card_number,
                inactive_since=member.inactive_since,
                address=member.address,
                doubtful=member.doubtful,
                # What the village knows already need not be asked on the phone.
                result=GONE.get(sure.life_status, "") if sure else "",
            )
        )


def _open_cases(village_id: int) -> dict[UUID, UUID]:
    """Whoever asked for a reactivation by themselves, by resident."""
    query = select(Case.person_id, Case.id).where(
        Case.village_id == village_id, Case.service == reactivation.name, Case.closed_at.is_(None)
    )
    return {row.person_id: row.id for row in db.session.execute(query)}


def undo(run: ImportRun) -> Undone:
    """Whoever was called or has a case stays: that was work, and is known."""
    used = exists().where(Call.village_id == Line.village_id, Call.line_id == Line.id)
    mine = (Line.village_id == run.area.id, Line.import_id == run.id)
    gone = db.session.execute(
        delete(Line)
        .where(*mine, Line.case_id.is_(None), Line.batch_id.is_(None), ~used)
        .returning(Line.id)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.expire_all()
    left = db.session.scalars(select(Line).where(*mine).order_by(Line.row_no))
    return Undone(len(gone), kept=[KeptRow(line.id, line.name, "worked_on", "pbi_jk.line") for line in left])


MEMBERS = ImportKind(
    name="pbi_jk.members",
    title=_("Daftar nonaktif PBI-JK"),
    permission="pbi_jk.import",
    columns=(
        ImportColumn(
            "nik",
            _("NIK"),
            ("NIK", "no_nik", "nomor nik", "nik peserta", "nik art", "no ktp", "nomor ktp"),
            required=True,
        ),
        ImportColumn(
            "name",
            _("Nama"),
            ("Nama", "nama lengkap", "nama peserta", "nama art", "nama pbi"),
            required=True,
        ),
        ImportColumn(
            "card_number",
            _("Nomor kartu BPJS"),
            ("No kartu", "nomor kartu", "no kartu bpjs", "noka", "no peserta", "no jkn"),
        ),
        ImportColumn(
            "inactive_since",
            _("Nonaktif sejak"),
            ("Nonaktif sejak", "tanggal nonaktif", "tgl nonaktif", "tmt nonaktif", "tgl non aktif"),
        ),
        ImportColumn("address", _("Alamat"), ("Alamat", "alamat lengkap", "alamat domisili")),
    ),
    check=check,
    apply=apply,
    undo=undo,
    home="pbi_jk.index",
    figures={
        "matched": _("cocok dengan warga"),
        "doubtful": _("nama berbeda"),
        "unknown": _("tidak ditemukan di desa ini"),
    },
    reasons={"worked_on": _("sudah dihubungi atau punya kasus")},
    notes=(_("Dari SIKS-NG, BPJS, atau Dinas Sosial, apa pun nama kolomnya."),),
)
