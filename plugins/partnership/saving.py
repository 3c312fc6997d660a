"""Rows that are written and changed, with what the audit keeps of it: names of fields, never what they say."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError

from core.api import CaseError, VillageOwned, db, record


def add(row: VillageOwned, deed: str, thing: str, taken: str = "", **told: Any) -> None:
    """Raises: CaseError: there is one like it, told as ``taken``."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError as error:
        if not taken:
            raise
        raise CaseError(taken) from error
    record(deed, thing, row.id, **told)


def change(row: VillageOwned, values: Mapping[str, Any], deed: str, thing: str, taken: str = "", **told: Any) -> bool:
    """Whether anything changed.

    Raises: CaseError: as :func:`add`.
    """
    fields = [name for name, value in values.items() if getattr(row, name) != value]
    if not fields:
        return False
    try:
        with db.session.begin_nested():
            for name in fields:
                setattr(row, name, values[name])
            db.session.flush()
    except IntegrityError as error:
        if not taken:
            raise
        raise CaseError(taken) from error
    record(deed, thing, row.id, fields=fields, **told)
    return True
