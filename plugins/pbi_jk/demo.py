"""What the demonstration shows of a mass deactivation: a list, calls, somebody in care. All made up."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
from sqlalchemy import select

from core.api import Area, Person, commit, db, import_file, today

from .calls import Answer, write_call
from .list_files import MEMBERS as KIND
from .models import Line

MEMBERS = 14
CALLS = ("wants", "unreachable", "in_care", "insured", "moved", "wants")


def fill(area: Area) -> None:
    """Nothing where a list is there already."""
    if db.session.scalar(select(Line.id).where(Line.village_id == area.id).limit(1)) is not None:
        return
    day = today(area.timezone)
    people = db.session.scalars(
        select(Person)
        .where(Person.village_id == area.id, Person.nik.is_not(None), Person.life_status == "alive")
        .order_by(Person.name_key, Person.id)
        .limit(MEMBERS)
    ).all()
    if not people:
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / "nonaktif-contoh.xlsx"
        _write(path, [(person.nik or "", person.name) for person in people], day)
        import_file(area, KIND, path)
    lines = db.session.scalars(select(Line).where(Line.village_id == area.id)).all()
    called = [line for line in sorted(lines, key=lambda line: line.row_no) if line.person_id and not line.doubtful]
    for line, result in zip(called, CALLS, strict=False):
        again = day + timedelta(days=2) if result == "unreachable" else None
        write_call(line, Answer(result, "", again), None, "Petugas (contoh)")
    commit()


def _write(path: Path, people: list[tuple[str, str]], day: date) -> None:
    """The last one has another name than the register, and two are nobody's here."""
    since = (day - timedelta(days=30)).strftime("%d-%m-%Y")
    rows = [("NIK PESERTA", "NAMA PESERTA", "NOKA", "TMT NONAKTIF")]
    rows += [(nik, name, f"0001{nik[-9:]}", since) for nik, name in people[:-1]]
    rows.append((people[-1][0], "Nama Lama Di Kartu", "", since))
    rows += [("3201150101800001", "Warga Tidak Terdata", "", since), ("3201154101850002", "Pendatang Lama", "", since)]
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, text in enumerate(row):
                sheet.write_string(number, place, text)
