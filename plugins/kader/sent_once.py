"""What a phone sends, however often: over a bad line the answer is lost, and the form is sent again."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.api import VillageOwned, db


class SentBefore(Exception):
    """A form with this id is kept already: nothing is to be done."""


def add_once(row: VillageOwned) -> None:
    """Add a row whose id was drawn with its form, in a savepoint: of two at once the second finds the first only then.

    Raises:
        SentBefore: it is there.
    """
    model, village_id, row_id = type(row), row.village_id, row.id
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        if db.session.scalar(select(model.id).where(model.village_id == village_id, model.id == row_id)) is None:
            raise
        raise SentBefore from None
