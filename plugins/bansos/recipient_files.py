"""A file of recipients, brought into one distribution.

Residents are found by NIK alone; the name in the file only confirms it. A row that is wrong is told with what to do and
left out, so that one stranger on a list of 300 does not keep the others waiting.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import joinedload

from core.api import (
    Area,
    CaseError,
    FileRow,
    FileRows,
    Findings,
    ImportColumn,
    ImportKind,
    ImportRun,
    ImportTarget,
    KeptRow,
    Person,
    Undone,
    db,
    gettext,
    mask_nik,
    read_nik,
    residents_by_nik,
    same_name,
)
from core.api import lazy_gettext as _

from .distributions import current, distribution_called, find_distribution
from .models import AidDistribution, AidHandover, AidRecipient
from .recipients import NOT_HERE, add, households_on_list, on_list


def find_target(area: Area, text: str) -> ImportTarget | None:
    """By its id, or as the village calls it: ``2026/3``."""
    try:
        found = find_distribution(area.id, UUID(text))
    except ValueError:
        found = distribution_called(area.id, text)
    return ImportTarget(found.id, found.title, "bansos.distribution") if found else None


# ---- checking ----


def check(run: ImportRun, rows: FileRows, found: Findings) -> list[UUID]:
    """The residents to add. Four queries, whatever the file's length.

    Raises:
        CaseError: the distribution is closed, or gone.
    """
    distribution = _distribution(run)
    named = [(row, nik) for row in rows if (nik := read_nik(row, found))]
    people = residents_by_nik(run.area.id, [nik for _row, nik in named])
    listed = on_list(distribution, [person.id for person in people.values()])
    families = dict(households_on_list(distribution))
    seen: dict[str, int] = {}
    new: list[UUID] = []
    for row, nik in named:
        person = people.get(nik)
        wrong = _is_wrong(row, nik, person, seen, found)
        seen.setdefault(nik, row.row_no)
        if wrong or person is None:
            continue
        if person.id in listed:
            found.same(row, "name", gettext("Sudah ada di daftar ini."), gettext("Dilewati."))
            continue
        new.append(person.id)
        _ask_about_family(row, person, families, found)
    return new


def _distribution(run: ImportRun) -> AidDistribution:
    if run.about is None:
        raise CaseError(gettext("Pilih dulu penyaluran yang menerima daftar ini."))
    return current(run.area.id, run.about)


def _is_wrong(row: FileRow, nik: str, person: Person | None, seen: dict[str, int], found: Findings) -> bool:
    """Tells why a row is left out, if it is."""
    name = row.text("name")
    if nik in seen:
        text = gettext("NIK ini sudah ada di baris %(row)s.", row=seen[nik])
        fix = gettext("Hapus salah satunya, atau perbaiki NIK yang keliru.")
    elif person is None:
        text = gettext("NIK %(nik)s tidak ada di data warga desa ini.", nik=mask_nik(nik))
        fix = gettext(
            "Cocokkan dengan KTP. Bila benar warga sini, catat dulu di data warga, lalu unggah lagi berkasnya."
        )
    elif person.life_status in NOT_HERE:
        text = gettext("%(name)s tercatat sudah meninggal atau tidak tinggal di sini lagi.", name=person.name)
        fix = gettext("Laporkan ke pemberi bantuan untuk diganti; bila keliru, perbaiki dulu data warganya.")
    elif not name:
        text = gettext("Nama kosong, padahal NIK ini tercatat atas nama %(name)s.", name=person.name)
        fix = gettext("Isi nama menurut daftar aslinya, supaya salah ketik NIK ketahuan.")
    elif not same_name(name, person.name):
        text = gettext("NIK ini tercatat atas nama %(stored)s, bukan %(name)s.", stored=person.name, name=name)
        fix = gettext("Cocokkan dengan KTP. Perbaiki NIK atau namanya, atau tambahkan orangnya dari data warga.")
    else:
        return False
    found.error(row, "name", text, fix)
    return True


def _ask_about_family(row: FileRow, person: Person, families: dict[UUID, str], found: Findings) -> None:
    """Two of one family are a question, not a mistake: some aid is for each person."""
    if person.household_id is None:
        return
    other = families.setdefault(person.household_id, person.name)
    if other != person.name:
        text = gettext("%(other)s dari keluarga yang sama juga ada di daftar.", other=other)
        found.warn(row, "name", text, gettext("Biarkan bila bantuan ini memang untuk setiap orang."))


# ---- applying and undoing ----


def apply(run: ImportRun, people: Sequence[UUID]) -> None:
    add(_distribution(run), people, import_id=run.id)


def undo(run: ImportRun) -> Undone:
    """Takes the file's recipients off the list, but for those with a handover.

    Raises:
        CaseError: the distribution is closed, or gone.
    """
    _distribution(run)
    of_file = (AidRecipient.village_id == run.area.id, AidRecipient.import_id == run.id)
    gone = db.session.execute(
        delete(AidRecipient).where(*of_file, ~_was_handed()).returning(AidRecipient.id),
        execution_options={"synchronize_session": False},
    ).all()
    db.session.expire_all()
    left = db.session.scalars(
        select(AidRecipient).where(*of_file).order_by(AidRecipient.number).options(joinedload(AidRecipient.person))
    )
    kept = [KeptRow(each.id, each.person.name, "handed", "bansos.recipient") for each in left]
    return Undone(len(gone), kept=kept)


def _was_handed() -> ColumnElement[bool]:
    return exists().where(
        AidHandover.village_id == AidRecipient.village_id, AidHandover.recipient_id == AidRecipient.id
    )


RECIPIENTS = ImportKind(
    name="bansos.recipients",
    title=_("Daftar penerima bantuan"),
    permission="bansos.write",
    columns=(
        ImportColumn(
            "nik",
            _("NIK"),
            (
                "NIK",
                "no_nik",
                "nomor_nik",
                "no_ktp",
                "nomor_ktp",
                "nik_penerima",
                "nik_kpm",
                "nik_pengurus",
                "id_number",
            ),
            required=True,
        ),
        ImportColumn(
            "name",
            _("Nama"),
            ("Nama", "nama_lengkap", "nama_penerima", "nama_kpm", "nama_pengurus", "nama_pbp"),
            required=True,
        ),
    ),
    check=check,
    apply=apply,
    undo=undo,
    home="bansos.index",
    reasons={"handed": _("pernah menerima penyerahan")},
    notes=(_("Penerima dikenali dari NIK saja; namanya hanya dicocokkan."),),
    find_target=find_target,
)
