"""Rows that several people change: what somebody saw on a page is what they decide on."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from .base import VillageOwned
from .session import db

Model = TypeVar("Model", bound=VillageOwned)


class Stale(Exception):
    """Somebody else has changed the row since the page was made."""


def current_row(model: type[Model], village_id: int, row_id: UUID, version: int) -> Model | None:
    """A village's row as the page with ``version`` showed it, locked for a change; None when it is not there any more.

    The model has a column ``version``, which its mapper counts (``version_id_col``).

    Raises:
        Stale: somebody else has changed it since.
    """
    row: Any = db.session.scalar(
        select(model)
        .where(model.village_id == village_id, model.id == row_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is not None and row.version != version:
        raise Stale
    return row
