"""Looking again for members who were not found among the residents. The caller commits."""

from sqlalchemy import select

from core.api import Person, db, record, same_name

from .models import Line

WRONG_NIK = "wrong_nik"


def match_again(village_id: int) -> int:
    """Look for those who were not found; how many are residents by now."""
    query = (
        select(Line, Person)
        .join(Person, (Person.village_id == Line.village_id) & (Person.nik == Line.nik))
        .where(Line.village_id == village_id, Line.person_id.is_(None), Line.result != WRONG_NIK)
    )
    rows = db.session.execute(query).all()
    for line, person in rows:
        line.person_id, line.doubtful = person.id, not same_name(line.name, person.name)
    if rows:
        record("pbi_jk.matched_again", "pbi_jk_list", "", members=len(rows))
    return len(rows)
