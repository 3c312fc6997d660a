"""Numbers without gaps or doubles, however many clerks ask at once."""

from sqlalchemy.dialects.postgresql import insert

from core.database.session import db
from core.database.uuid7 import uuid7

from .models import Counter


def next_number(village_id: int, series: str, year: int) -> int:
    """The next number of a village's series in a year, from 1.

    The row stays locked until the transaction ends: a second clerk waits, and a rolled-back letter gives its number
    back. A database sequence would leave a gap there.
    """
    statement = (
        insert(Counter)
        .values(village_id=village_id, id=uuid7(), series=series, year=year, value=1)
        .on_conflict_do_update(index_elements=["village_id", "series", "year"], set_={"value": Counter.value + 1})
        .returning(Counter.value)
    )
    return db.session.scalars(statement).one()
