"""A file of official deciles, brought in with its day and its source: a decile is taken over, and never computed.

Families are found by No. KK, else by the NIK of a member, and by nothing else. A row that is wrong is told with what to
do and left out; one that moves a family says what that may mean for the programmes here, before anything is saved.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from wtforms import DateField, Field, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from core.api import (
    CaseError,
    DecileGate,
    FileRow,
    FileRows,
    Findings,
    Household,
    ImportColumn,
    ImportKind,
    ImportRun,
    KeptRow,
    Person,
    ServiceForm,
    Undone,
    area_today,
    cell_text,
    check_kk,
    check_nik,
    db,
    decile_gates,
    gettext,
    mask_nik,
    same_name,
)
from core.api import lazy_gettext as _

from .deciles import heads_of
from .models import SHORT, DecileMove


class DecileFileForm(ServiceForm):
    decile_on = DateField(
        _("Desil per tanggal"), [InputRequired()], description=_("Hari data itu diambil dari sumbernya.")
    )
    source = StringField(
        _("Sumber"),
        [DataRequired(), Length(max=SHORT)],
        description=_("Misalnya: SIKS-NG, surat Dinas Sosial nomor 5."),
    )

    def validate_decile_on(self, field: Field) -> None:
        if field.data and field.data > area_today():
            raise ValidationError(_("Tanggal ini belum tiba."))


# ---- checking ----


class _Member(NamedTuple):
    name: str
    household_id: UUID | None


@dataclass(frozen=True)
class Known:
    """What the register knows of those whom a file names: families by No. KK and by id, members by NIK."""

    by_kk: Mapping[str, Household]
    by_id: Mapping[UUID, Household]
    members: Mapping[str, _Member]


class _Line(NamedTuple):
    row: FileRow
    kk: str | None
    nik: str | None
    decile: int


def check(run: ImportRun, rows: FileRows, found: Findings) -> dict[UUID, int]:
    """The decile of each family that the file names. Three queries, whatever its length.

    Raises:
        CaseError: the day or the source is missing.
    """
    day, source = _said(run)
    lines = [line for row in rows if (line := _read(row, found))]
    known = _known(run.area.id, lines, locked=run.applying)
    said: dict[UUID, _Line] = {}
    for line in lines:
        home = _family_of(line, known, found)
        if home is not None and not _is_wrong(line, home, said.get(home.id), day, found):
            said.setdefault(home.id, line)
    _compare(run, said, known, (day, source), found)
    return {home_id: line.decile for home_id, line in said.items()}


def _said(run: ImportRun) -> tuple[date, str]:
    try:
        return date.fromisoformat(run.answers["decile_on"]), run.answers["source"]
    except (KeyError, TypeError, ValueError) as error:
        raise CaseError(gettext("Isi tanggal desil dan sumbernya.")) from error


def _read(row: FileRow, found: Findings) -> _Line | None:
    text = cell_text(row.cells.get("decile"))
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 10):
        told = gettext("Desil “%(value)s” bukan angka 1 sampai 10.", value=text[:20])
        found.error(row, "decile", told, gettext("Salin desil resmi dari sumbernya; hapus barisnya bila belum ada."))
        return None
    kk, nik = check_kk(_number(row.cells.get("kk"))), check_nik(_number(row.cells.get("nik")))
    if kk.value or nik.value:
        return _Line(row, kk.value, nik.value, int(text))
    for column, checked in (("kk", kk), ("nik", nik)):
        for problem in checked.errors:
            found.error(row, column, problem.message, problem.fix)
    if not found.has_error(row):
        found.error(row, "kk", gettext("No. KK dan NIK kosong."), gettext("Isi salah satunya menurut KK."))
    return None


def _number(cell: Any) -> str | int | float | None:
    """As it stands in the cell: a text made of it would hide that a spreadsheet has rounded it."""
    return cell if cell is None or isinstance(cell, str | int | float) else str(cell)


def _known(village_id: int, lines: Sequence[_Line], *, locked: bool) -> Known:
    """While a file is applied, its families are held until it is."""
    niks = [line.nik for line in lines if line.nik]
    people = db.session.execute(
        select(Person.nik, Person.name, Person.household_id).where(
            Person.village_id == village_id, Person.nik.in_(niks)
        )
    )
    members = {nik: _Member(name, household_id) for nik, name, household_id in people if nik}
    numbers = [line.kk for line in lines if line.kk]
    ids = [member.household_id for member in members.values() if member.household_id]
    query = (
        select(Household)
        .where(Household.village_id == village_id, Household.kk_number.in_(numbers) | Household.id.in_(ids))
        .order_by(Household.id)
    )
    homes = db.session.scalars(query.with_for_update() if locked else query).all()
    return Known({home.kk_number: home for home in homes if home.kk_number}, {home.id: home for home in homes}, members)


def _family_of(line: _Line, known: Known, found: Findings) -> Household | None:
    """By the No. KK first: the family is DTSEN's unit. None, and told, where there is none."""
    row = line.row
    member = known.members.get(line.nik) if line.nik else None
    home = known.by_kk.get(line.kk) if line.kk else None
    if home is None and member and member.household_id:
        home = known.by_id.get(member.household_id)
    if home is None:
        _tell_unknown(line, member, found)
    elif member and member.household_id != home.id:
        told = gettext("NIK di baris ini tercatat di keluarga lain; yang dipakai No. KK-nya.")
        found.warn(row, "nik", told, gettext("Cocokkan dengan KK, lalu perbaiki data warganya."))
    elif member and (name := row.text("name")) and not same_name(name, member.name):
        told = gettext("NIK ini tercatat atas nama %(stored)s, bukan %(name)s.", stored=member.name, name=name)
        found.warn(row, "name", told, gettext("Cocokkan dengan KTP."))
    return home


def _tell_unknown(line: _Line, member: _Member | None, found: Findings) -> None:
    if member is not None:
        told = gettext("%(name)s tercatat tanpa keluarga.", name=member.name)
        found.error(line.row, "nik", told, gettext("Masukkan dulu ke keluarganya di data warga."))
        return
    fix = gettext("Cocokkan dengan KK. Bila benar warga sini, catat dulu di data warga, lalu unggah lagi berkasnya.")
    if line.kk:
        told = gettext("No. KK %(kk)s tidak ada di data warga desa ini.", kk=mask_nik(line.kk))
        found.error(line.row, "kk", told, fix)
    else:
        told = gettext("NIK %(nik)s tidak ada di data warga desa ini.", nik=mask_nik(line.nik))
        found.error(line.row, "nik", told, fix)


def _is_wrong(line: _Line, home: Household, earlier: _Line | None, day: date, found: Findings) -> bool:
    """Tells why a row is left out, if it is."""
    if earlier and earlier.decile != line.decile:
        told = gettext(
            "Keluarga ini sudah disebut di baris %(row)s dengan desil %(n)s.", row=earlier.row.row_no, n=earlier.decile
        )
        fix = gettext("Biarkan satu baris saja untuk setiap keluarga.")
    elif home.decile_on and home.decile_on > day:
        told = gettext(
            "Keluarga ini sudah punya desil yang lebih baru, per %(date)s.", date=f"{home.decile_on:%d-%m-%Y}"
        )
        fix = gettext("Pakai daftar yang terbaru, atau perbaiki tanggal berkasnya.")
    else:
        return False
    found.error(line.row, "decile", told, fix)
    return True


def _compare(
    run: ImportRun, said: Mapping[UUID, _Line], known: Known, source: tuple[date, str], found: Findings
) -> None:
    """Each family that moves is told with what it may mean; one of which all is known already is passed over."""
    gates = decile_gates(run.area, run.today)
    moving = [home_id for home_id, line in said.items() if known.by_id[home_id].decile != line.decile]
    heads = heads_of(run.area.id, moving)
    ways: Counter[str] = Counter(dict.fromkeys(WAYS, 0))
    for home_id, line in said.items():
        home = known.by_id[home_id]
        ways[way(home.decile, line.decile)] += 1
        if (home.decile, home.decile_on, home.decile_source) == (line.decile, *source):
            found.same(line.row, "decile", gettext("Sudah tercatat begitu."), gettext("Dilewati."))
        elif home.decile != line.decile:
            head = heads.get(home_id)
            told = gettext(
                "%(name)s: desil %(old)s menjadi %(new)s.",
                name=head.name if head else gettext("Keluarga tanpa anggota"),
                old=home.decile or gettext("belum diketahui"),
                new=line.decile,
            )
            found.warn(line.row, "decile", told, meaning(home.decile, line.decile, gates))
    found.figures.update(ways)


WAYS = ("down", "up", "new", "same_decile")


def way(old: int | None, new: int) -> str:
    """What becomes of a family's decile: one of ``WAYS``."""
    if old is None:
        return "new"
    return "same_decile" if old == new else "down" if new < old else "up"


def meaning(old: int | None, new: int, gates: Sequence[DecileGate]) -> str:
    """Which programmes' gates a family comes in by or goes out of, in a sentence."""
    if old is None:
        return gettext("Dulu belum diketahui; periksa semua program untuk keluarga ini.")
    parts = []
    for direction, text in ((1, gettext("masuk batas")), (-1, gettext("keluar batas"))):
        names = [_named(gate) for gate in gates if gate.crossed(old, new) == direction]
        if names:
            parts.append(f"{text} {', '.join(names)}")
    sentence = "; ".join(parts) or gettext("tidak melewati batas program di sini")
    return f"{sentence[0].upper()}{sentence[1:]}."


def _named(gate: DecileGate) -> str:
    return f"{gate.service.short_title or gate.service.title} (≤ {gate.limit})"


# ---- applying and undoing ----


def apply(run: ImportRun, deciles: Mapping[UUID, int]) -> None:
    """Each family gets its decile, with the file's day and source, and a row of its history."""
    day, source = _said(run)
    for home in _held(run, list(deciles)):
        new = deciles[home.id]
        if (home.decile, home.decile_on, home.decile_source) == (new, day, source):
            continue
        db.session.add(
            DecileMove(
                village_id=run.area.id,
                household_id=home.id,
                import_id=run.id,
                old_decile=home.decile,
                old_on=home.decile_on,
                old_source=(home.decile_source or "")[:SHORT],
                new_decile=new,
                new_on=day,
                new_source=source,
                moved=home.decile != new,
            )
        )
        home.decile, home.decile_on, home.decile_source = new, day, source


def undo(run: ImportRun) -> Undone:
    """Each family gets back what it had, but for those that were changed since."""
    of_file = (DecileMove.village_id == run.area.id, DecileMove.import_id == run.id)
    moves = {move.household_id: move for move in db.session.scalars(select(DecileMove).where(*of_file))}
    changed = []
    for home in _held(run, list(moves)):
        move = moves[home.id]
        if (home.decile, home.decile_on, home.decile_source) == (move.new_decile, move.new_on, move.new_source):
            home.decile, home.decile_on, home.decile_source = move.old_decile, move.old_on, move.old_source or None
            db.session.delete(move)
        else:
            changed.append(home.id)
    heads = heads_of(run.area.id, changed)
    kept = [KeptRow(each, heads[each].name if each in heads else "–", "changed", "dtsen.history") for each in changed]
    return Undone(0, len(moves) - len(changed), kept)


def _held(run: ImportRun, household_ids: Sequence[UUID]) -> Sequence[Household]:
    return db.session.scalars(
        select(Household)
        .where(Household.village_id == run.area.id, Household.id.in_(household_ids))
        .order_by(Household.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


DECILES = ImportKind(
    name="dtsen.deciles",
    title=_("Desil resmi DTSEN"),
    permission="dtsen.import",
    columns=(
        ImportColumn(
            "kk",
            _("No. KK"),
            ("No KK", "kk", "nomor_kk", "no_kartu_keluarga", "nomor_kartu_keluarga", "id_keluarga"),
        ),
        ImportColumn("nik", _("NIK"), ("NIK", "no_nik", "nomor_nik", "no_ktp", "nik_kepala_keluarga", "nik_pengurus")),
        ImportColumn(
            "name", _("Nama"), ("Nama", "nama_lengkap", "nama_kepala_keluarga", "kepala_keluarga", "nama_pengurus")
        ),
        ImportColumn(
            "decile",
            _("Desil"),
            ("Desil", "desil_nasional", "desil_dtsen", "desil_kesejahteraan", "peringkat_desil"),
            required=True,
        ),
    ),
    check=check,
    apply=apply,
    undo=undo,
    home="dtsen.deciles",
    figures={
        "down": _("desil turun"),
        "up": _("desil naik"),
        "new": _("baru terdata"),
        "same_decile": _("desilnya tetap"),
    },
    reasons={"changed": _("desilnya sudah diubah sesudahnya")},
    notes=(
        _("Keluarga dikenali dari No. KK, atau NIK anggotanya. Desil disalin apa adanya, tidak pernah dihitung."),
        _("Yang desilnya berubah disebut satu per satu, dengan artinya untuk program di sini, sebelum disimpan."),
    ),
    form=DecileFileForm,
    most_rows=30_000,
)
