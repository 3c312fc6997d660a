"""Files of measurements, as Posyandu applications write them.

A child is found by the NIK alone; that the name fits is a check, never a way to find somebody. Rows with errors are
left out, and nothing that is written down already is overwritten.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from rapidfuzz.fuzz import token_sort_ratio
from sqlalchemy import delete, select

from core.api import (
    FileRow,
    FileRows,
    Findings,
    ImportColumn,
    ImportKind,
    ImportRun,
    KeptRow,
    Person,
    Undone,
    db,
    gettext,
    read_nik,
    residents_by_nik,
)
from core.api import lazy_gettext as _

from .file_rows import read_row_day, read_sex, read_values
from .growth import Reading
from .measurements import wait_for_turn
from .models import Measurement
from .plausibility import Child, problems
from .rulebook import rule_on
from .values import Values

IN_FILES = ("weight_g", "height_mm", "head_mm", "arm_mm", "vitamin_a", "breastfed", "immunisation", "remark")


@dataclass(frozen=True)
class NewMeasurement:
    """What a row would write down; ``doubtful``: somebody who applies it has seen the warning."""

    person_id: UUID
    values: Values
    doubtful: bool


@dataclass(frozen=True)
class _Row:
    row: FileRow
    nik: str
    values: Values


# ---- checking ----


def check(run: ImportRun, rows: FileRows, found: Findings) -> list[NewMeasurement]:
    """Who is meant, and what is wrong with each row; two queries, however many rows there are."""
    read = list(_readable(rows, found))
    people = residents_by_nik(run.area.id, {each.nik for each in read})
    if run.applying:
        wait_for_turn(run.area.id, [person.id for person in people.values()])
    there = _measured_of(run.area.id, [person.id for person in people.values()])
    beside: dict[str, list[Reading]] = defaultdict(list)
    for each in read:
        beside[each.nik].append(each.values.reading)
    seen: dict[tuple[str, date], int] = {}
    new = []
    for each in read:
        person = _person_of(each, people, found)
        if person is None:
            continue
        first = seen.setdefault((each.nik, each.values.measured_on), each.row.row_no)
        if first != each.row.row_no:
            text = gettext("Anak dan tanggal ini sudah ada di baris %(n)s.", n=first)
            found.error(each.row, "measured_on", text, gettext("Hapus salah satu baris."))
            continue
        before = len(found.items)
        if _fits(each, person, there.get(person.id, {}), beside[each.nik], run.today, found):
            doubtful = any(finding.row_no == each.row.row_no for finding in found.items[before:])
            new.append(NewMeasurement(person.id, each.values, doubtful))
    return new


def _readable(rows: FileRows, found: Findings):
    for row in rows:
        nik, values = read_nik(row, found), read_values(row, found)
        if nik and values and not found.has_error(row):
            yield _Row(row, nik, values)


def _measured_of(village_id: int, people: Collection[UUID]) -> Mapping[UUID, Mapping[date, Measurement]]:
    """By child and day."""
    measured: dict[UUID, dict[date, Measurement]] = {}
    mine = (Measurement.village_id == village_id, Measurement.person_id.in_(people))
    for each in db.session.scalars(select(Measurement).where(*mine)):
        measured.setdefault(each.person_id, {})[each.measured_on] = each
    return measured


def _person_of(each: _Row, people: Mapping[str, Person], found: Findings) -> Person | None:
    """By the NIK alone; another name, or one that hardly fits, is told."""
    person, name = people.get(each.nik), each.row.text("name")
    if person is None:
        fix = gettext("Daftarkan anak di data warga, atau perbaiki NIK-nya.")
        found.error(each.row, "nik", gettext("Tidak ada warga desa ini dengan NIK itu."), fix)
        return None
    if person.life_status != "alive":
        text = gettext("Warga ini tercatat sudah meninggal atau pindah.")
        found.error(each.row, "nik", text, gettext("Periksa data warga lebih dulu."))
        return None
    rule = rule_on(each.values.measured_on)
    fits = token_sort_ratio(name.upper(), person.name.upper())
    if fits < rule.near:
        # The name in the file may be another child's, so it is not kept with this one's.
        text = gettext("NIK ini milik %(name)s.", name=person.name)
        fix = gettext("Perbaiki NIK atau namanya; jangan tertukar dengan anak lain.")
        found.error(each.row, "name", text, fix, value="")
        return None
    return person


def _fits(  # noqa: PLR0917 - one row with all that is known of the child
    each: _Row,
    person: Person,
    there: Mapping[date, Measurement],
    beside: Sequence[Reading],
    today: date,
    found: Findings,
) -> bool:
    """Whether the row can be written down; what is doubtful or wrong is told.

    Args:
        beside: what the file itself says of the child.
    """
    row, values = each.row, each.values
    held = there.get(values.measured_on)
    if held is not None:
        if all(getattr(held, name) == getattr(values, name) for name in IN_FILES):
            found.same(row, "measured_on", gettext("Sudah tercatat."), gettext("Tidak perlu apa-apa."))
            return False
        text = gettext("Anak ini sudah punya hasil ukur lain pada tanggal itu.")
        found.error(row, "measured_on", text, gettext("Ubah di halaman anak bila perlu."))
        return False
    others = [*(other.reading for other in there.values()), *beside]
    for problem in problems(values, Child(person.sex, person.birth_date), others, today):
        tell = found.error if problem.is_error else found.warn
        tell(row, problem.field, problem.message, problem.fix, value="")
    if found.has_error(row):
        return False
    _compare_with_register(row, values, person, found)
    return True


def _compare_with_register(row: FileRow, values: Values, person: Person, found: Findings) -> None:
    rule, name = rule_on(values.measured_on), row.text("name")
    if token_sort_ratio(name.upper(), person.name.upper()) < rule.like:
        text = gettext("Di data warga tertulis %(name)s.", name=person.name)
        found.warn(row, "name", text, gettext("Pastikan anaknya sama."))
    born, sex = read_row_day(row, "birth_date", found), read_sex(row)
    if born and born != person.birth_date:
        text = gettext("Di data warga lahir %(day)s; itu yang dipakai.", day=person.birth_date.isoformat())
        found.warn(row, "birth_date", text, gettext("Cocokkan dengan KK atau akta."))
    if sex and sex != person.sex:
        text = gettext("Di data warga tercatat %(sex)s; itu yang dipakai.", sex=person.sex)
        found.warn(row, "sex", text, gettext("Cocokkan dengan KK atau akta."))


# ---- applying and undoing ----


def apply(run: ImportRun, new: Sequence[NewMeasurement]) -> None:
    db.session.add_all(
        Measurement(
            village_id=run.area.id,
            person_id=each.person_id,
            looked_at=each.doubtful,
            import_id=run.id,
            created_by=run.by,
            **asdict(each.values),
        )
        for each in new
    )


def undo(run: ImportRun) -> Undone:
    """Takes the file's measurements away again, but for what was corrected since."""
    mine = (Measurement.village_id == run.area.id, Measurement.import_id == run.id)
    gone = db.session.scalars(
        delete(Measurement).where(*mine, Measurement.version == 1).returning(Measurement.id)
    ).all()
    left = db.session.execute(
        select(Person.id, Person.name)
        .join(Measurement, (Measurement.village_id == Person.village_id) & (Measurement.person_id == Person.id))
        .where(*mine)
        .order_by(Person.name)
    )
    return Undone(len(gone), kept=[KeptRow(row.id, row.name, "corrected", "balita.child") for row in left])


def _column(key: str, title: str, *aliases: str, required: bool = False) -> ImportColumn:
    return ImportColumn(key, title, aliases, required)


MEASUREMENTS = ImportKind(
    name="balita.measurements",
    title=_("Hasil ukur Posyandu"),
    permission="balita.import",
    columns=(
        _column("nik", _("NIK anak"), "NIK", "nik anak", "nik balita", required=True),
        _column("name", _("Nama anak"), "NAMA_LENGKAP", "nama", "nama anak", "nama balita", required=True),
        _column("birth_date", _("Tanggal lahir"), "TANGGAL_LAHIR", "tgl lahir"),
        _column("sex", _("Jenis kelamin"), "JENIS_KELAMIN", "jk", "l/p"),
        _column("measured_on", _("Tanggal diukur"), "TANGGAL_PERIKSA", "tanggal ukur", "tgl ukur", required=True),
        _column("weight_g", _("Berat badan (kg)"), "BERAT_BADAN", "berat", "bb", "bb (kg)"),
        _column(
            "height_mm", _("Panjang atau tinggi badan (cm)"), "TINGGI_BADAN", "tinggi", "panjang badan", "tb", "tb (cm)"
        ),
        _column("head_mm", _("Lingkar kepala (cm)"), "LINGKAR_KEPALA", "lika"),
        _column("arm_mm", _("Lingkar lengan (cm)"), "LINGKAR_LENGAN", "lila"),
        _column("vitamin_a", _("Vitamin A"), "VITAMIN_A", "vit a"),
        _column("breastfed", _("ASI eksklusif"), "ASI_EKSKLUSIF", "asi"),
        _column("immunisation", _("Imunisasi"), "IMUNISASI"),
        _column("remark", _("Keterangan"), "KETERANGAN", "catatan"),
    ),
    check=check,
    apply=apply,
    undo=undo,
    home="balita.index",
    reasons={"corrected": _("sudah diubah orang sesudahnya")},
    notes=(
        _("Anak dikenali dari NIK saja; namanya dicocokkan."),
        _("Berat dalam kg, ukuran lain dalam cm. Kolom NIK berformat Teks."),
    ),
)
