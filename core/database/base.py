"""What every table shares."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKeyConstraint, MetaData
from sqlalchemy import Uuid as UuidType
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from .uuid7 import uuid7

KEPT = {"personal": False}
"""``mapped_column(info=KEPT)``: what this column says of a resident stays when the resident's data are erased."""

PERSONAL = {"personal": True}
"""``mapped_column(info=PERSONAL)``: a number or a date that goes with them, as texts and JSON do by themselves."""


class Base(DeclarativeBase):
    """All models. Constraint names are fixed so that a migration can name them."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {
        datetime: DateTime(timezone=True),
        dict: JSONB,
        UUID: UuidType(),
    }


class VillageOwned:
    """Mixin of a table whose rows belong to one village.

    The key is (village_id, id), and every reference between two such tables carries ``village_id``: a reference
    into another village cannot be written at all. ``core.database.rls`` puts the policies on each of these tables.
    """

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)


def village_reference(column: str, table: str) -> ForeignKeyConstraint:
    """A foreign key from this village's row to a row of the same village.

    Never ``ON DELETE SET NULL``: it would try to empty ``village_id`` as well, and Citus does not take it.
    """
    return ForeignKeyConstraint(["village_id", column], [f"{table}.village_id", f"{table}.id"])
