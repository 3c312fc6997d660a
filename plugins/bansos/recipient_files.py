"""A file of recipients: checked row by row without changing anything, applied, undone.

Residents are found by NIK alone; the name in the file only confirms it. A row that is wrong is told with what to do and
left out, so that one stranger on a list of 300 does not keep the others waiting.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import joinedload

from core.api import (
    CaseError,
    FileError,
    Layout,
    Person,
    Text,
    cell_text,
    check_nik,
    db,
    gettext,
    mask_nik,
    read_table,
    record,
    same_name,
)
from core.api import lazy_gettext as _

from .models import AidDistribution, AidHandover, AidRecipient, RecipientFile
from .recipients import NOT_HERE, add, households_on_list, on_list

MOST_ROWS = 5_000
NIK_NAMES = (
    "nik",
    "no_nik",
    "nomor_nik",
    "no_ktp",
    "nomor_ktp",
    "nik_penerima",
    "nik_kpm",
    "nik_pengurus",
    "id_number",
)
NAME_NAMES = ("nama", "nama_lengkap", "nama_penerima", "nama_kpm", "nama_pengurus", "nama_pbp", "name")
KINDS: Mapping[str, Text] = {"error": _("tidak masuk"), "doubt": _("perlu dilihat"), "listed": _("sudah ada")}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a row (``error``: it is left out), doubtful (``doubt``), or there already (``listed``)."""

    row_no: int
    kind: str
    value: str
    message: str
    fix: str

    def store(self) -> list[object]:
        return [self.row_no, self.kind, self.value, self.message, self.fix]


@dataclass
class Checked:
    """What a file would do: the residents to add by the row that names them, and what was found. ``total`` rows."""

    total: int
    people: dict[UUID, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        kinds = [finding.kind for finding in self.findings]
        return {"total": self.total, "new": len(self.people), **{kind: kinds.count(kind) for kind in KINDS}}


@dataclass(frozen=True, slots=True)
class _Line:
    row_no: int
    nik: str
    name: str


# ---- reading ----


def check(distribution: AidDistribution, path: Path, nik_column: str = "", name_column: str = "") -> Checked:
    """Look through a file; nothing is changed. Four queries, whatever its length.

    Args:
        nik_column, name_column: what the file calls these columns, where it is none of the usual names.

    Raises:
        FileError: no table with a NIK and a name, no rows, or more than 5,000 of them.
    """
    table = read_table(path, _layout(nik_column, name_column))
    if len(table) > MOST_ROWS:
        raise FileError(
            gettext("Berkas ini berisi %(rows)s baris; batasnya %(limit)s.", rows=len(table), limit=MOST_ROWS),
            gettext("Bagi menjadi beberapa berkas, lalu unggah satu per satu."),
        )
    found, lines = Checked(len(table)), []
    for raw in table:
        nik, name = raw.cells.get("nik"), cell_text(raw.cells.get("nama"))
        checked = check_nik(nik if nik is None or isinstance(nik, str | int | float) else str(nik))
        if checked.value:
            lines.append(_Line(raw.row_no, checked.value, name))
        else:
            found.findings.append(_unreadable(raw.row_no, name, checked.errors))
    _compare(distribution, lines, found)
    found.findings.sort(key=lambda finding: finding.row_no)
    return found


def _layout(nik_column: str, name_column: str) -> Layout:
    aliases = {**dict.fromkeys(NIK_NAMES, "nik"), **dict.fromkeys(NAME_NAMES, "nama")}
    if nik_column:
        aliases[nik_column] = "nik"
    if name_column:
        aliases[name_column] = "nama"
    return Layout(("nik", "nama"), ("nik", "nama"), aliases)


def _unreadable(row_no: int, name: str, errors: Sequence) -> Finding:
    if errors:
        return Finding(row_no, "error", name, str(errors[0].message), str(errors[0].fix))
    fix = gettext("Isi NIK-nya menurut KTP, atau tambahkan orangnya lewat “Tambah dari data warga”.")
    return Finding(row_no, "error", name, gettext("NIK kosong; penerima dikenali dari NIK saja."), fix)


# ---- comparing ----


def _compare(distribution: AidDistribution, lines: Sequence[_Line], found: Checked) -> None:
    people = _people_with(distribution.village_id, [line.nik for line in lines])
    listed = on_list(distribution, [person.id for person in people.values()])
    families = dict(households_on_list(distribution))
    seen: dict[str, int] = {}
    for line in lines:
        person = people.get(line.nik)
        problem = _problem(line, person, seen)
        seen.setdefault(line.nik, line.row_no)
        if problem or person is None:
            found.findings += problem
        elif person.id in listed:
            found.findings.append(_said(line, "listed", gettext("Sudah ada di daftar ini."), gettext("Dilewati.")))
        else:
            found.people[person.id] = line.row_no
            found.findings += _same_family(line, person, families)


def _people_with(village_id: int, niks: Sequence[str]) -> dict[str, Person]:
    found = db.session.scalars(select(Person).where(Person.village_id == village_id, Person.nik.in_(niks)))
    return {person.nik: person for person in found if person.nik}


def _problem(line: _Line, person: Person | None, seen: Mapping[str, int]) -> list[Finding]:
    """Why a row is left out; nothing when it is not."""
    if line.nik in seen:
        text = gettext("NIK ini sudah ada di baris %(row)s.", row=seen[line.nik])
        return [_said(line, "error", text, gettext("Hapus salah satunya, atau perbaiki NIK yang keliru."))]
    if person is None:
        text = gettext("NIK %(nik)s tidak ada di data warga desa ini.", nik=mask_nik(line.nik))
        fix = gettext(
            "Cocokkan dengan KTP. Bila benar warga sini, catat dulu di data warga, lalu unggah lagi berkasnya."
        )
        return [_said(line, "error", text, fix)]
    if person.life_status in NOT_HERE:
        text = gettext("%(name)s tercatat sudah meninggal atau tidak tinggal di sini lagi.", name=person.name)
        fix = gettext("Laporkan ke pemberi bantuan untuk diganti; bila keliru, perbaiki dulu data warganya.")
        return [_said(line, "error", text, fix)]
    if not line.name:
        text = gettext("Nama kosong, padahal NIK ini tercatat atas nama %(name)s.", name=person.name)
        return [
            _said(line, "error", text, gettext("Isi nama menurut daftar aslinya, supaya salah ketik NIK ketahuan."))
        ]
    if not same_name(line.name, person.name):
        text = gettext("NIK ini tercatat atas nama %(stored)s, bukan %(name)s.", stored=person.name, name=line.name)
        fix = gettext("Cocokkan dengan KTP. Perbaiki NIK atau namanya, atau tambahkan orangnya dari data warga.")
        return [_said(line, "error", text, fix)]
    return []


def _same_family(line: _Line, person: Person, families: dict[UUID, str]) -> Iterator[Finding]:
    """Two of one family are a question, not a mistake: some aid is for each person."""
    if person.household_id is None:
        return
    other = families.setdefault(person.household_id, person.name)
    if other != person.name:
        text = gettext("%(other)s dari keluarga yang sama juga ada di daftar.", other=other)
        yield _said(line, "doubt", text, gettext("Biarkan bila bantuan ini memang untuk setiap orang."))


def _said(line: _Line, kind: str, message: str, fix: str) -> Finding:
    return Finding(line.row_no, kind, line.name, message, fix)


# ---- keeping, applying, undoing; the caller holds the distribution, and commits ----


def keep(  # noqa: PLR0917 - a file with what it calls its columns
    distribution: AidDistribution, filename: str, checked: Checked, nik_column: str, name_column: str, by: UUID | None
) -> RecipientFile:
    """What was found, to be looked at before it is applied. One that waits for that already gives way."""
    of_it = [RecipientFile.village_id == distribution.village_id, RecipientFile.distribution_id == distribution.id]
    db.session.execute(delete(RecipientFile).where(*of_it, RecipientFile.state == "checked"))
    made = RecipientFile(
        village_id=distribution.village_id,
        distribution_id=distribution.id,
        filename=filename[:200],
        nik_column=nik_column,
        name_column=name_column,
        rows=[[row_no, str(person)] for person, row_no in checked.people.items()],
        findings=[finding.store() for finding in checked.findings],
        counts=checked.counts,
        created_by=by,
    )
    db.session.add(made)
    db.session.flush()
    record("bansos.file_checked", "file", made.id, rows=checked.total, new=len(checked.people))
    return made


def apply(distribution: AidDistribution, file: RecipientFile) -> int:
    """Put the file's residents on the list, as far as nobody has done so meanwhile. Returns how many came.

    Raises:
        CaseError: applied before.
    """
    if file.state != "checked":
        raise CaseError(gettext("Berkas ini sudah diterapkan."))
    added = add(distribution, [UUID(person) for _row_no, person in file.rows], file_id=file.id)
    file.state, file.rows, file.findings = "applied", [], []
    file.counts = {**file.counts, "added": added}
    record("bansos.file_applied", "file", file.id, people=added)
    return added


def undo(file: RecipientFile) -> tuple[int, int]:
    """Take the file's recipients off the list, but for those with a handover. Returns how many went, and stay.

    Raises:
        CaseError: not applied.
    """
    if file.state != "applied":
        raise CaseError(gettext("Berkas ini tidak sedang diterapkan, jadi tidak ada yang perlu diurungkan."))
    of_file = (AidRecipient.village_id == file.village_id, AidRecipient.file_id == file.id)
    gone = db.session.execute(
        delete(AidRecipient).where(*of_file, ~_was_handed()).returning(AidRecipient.id),
        execution_options={"synchronize_session": False},
    ).all()
    db.session.expire_all()
    left = len(db.session.scalars(select(AidRecipient.id).where(*of_file)).all())
    file.state, file.counts = "undone", {**file.counts, "removed": len(gone), "kept": left}
    record("bansos.file_undone", "file", file.id, people=len(gone), kept=left)
    return len(gone), left


def _was_handed() -> ColumnElement[bool]:
    return exists().where(
        AidHandover.village_id == AidRecipient.village_id, AidHandover.recipient_id == AidRecipient.id
    )


def find_file(village_id: int, file_id: UUID, *, held: bool = False) -> RecipientFile | None:
    query = select(RecipientFile).where(RecipientFile.village_id == village_id, RecipientFile.id == file_id)
    return db.session.scalar(query.with_for_update() if held else query)


def files_of(distribution: AidDistribution) -> Sequence[RecipientFile]:
    """The latest first; the last ten."""
    of_it = (RecipientFile.village_id == distribution.village_id, RecipientFile.distribution_id == distribution.id)
    return db.session.scalars(select(RecipientFile).where(*of_it).order_by(RecipientFile.id.desc()).limit(10)).all()


def columns_last_used(village_id: int) -> tuple[str, str]:
    """What the village's last file called NIK and name, to begin with: who sends lists sends them alike."""
    row = db.session.execute(
        select(RecipientFile.nik_column, RecipientFile.name_column)
        .where(RecipientFile.village_id == village_id)
        .order_by(RecipientFile.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else ("", "")


def kept_after_undo(file: RecipientFile) -> Sequence[AidRecipient]:
    """Those whom an undone file leaves on the list, since aid was handed to them."""
    return db.session.scalars(
        select(AidRecipient)
        .where(AidRecipient.village_id == file.village_id, AidRecipient.file_id == file.id)
        .order_by(AidRecipient.number)
        .limit(100)
        .options(joinedload(AidRecipient.person))
    ).all()
