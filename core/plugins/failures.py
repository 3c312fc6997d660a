"""Failures of plugins as all processes see them: kept in the database, outside of whatever transaction failed."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Engine, create_engine, delete, func, insert, literal, null, or_, select, union_all, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from core.areas.code import AreaCode
from core.clock import now
from core.database.session import db
from core.jobs import hourly
from core.plugins.health import SUSPENSION_SECONDS, Failure, Memory
from core.plugins.models import PluginFailure, PluginSuspension

Answer = TypeVar("Answer")

KEPT = timedelta(days=30)
MOST_KEPT = 500
"""Of one plugin."""

MOST_SHOWN = 20
EVERYWHERE = 0

log = logging.getLogger("puskesos.plugins")


def memory(database_url: str) -> Memory:
    """Each question on a connection of its own, and none of the pages' pool: that may be empty because of the failure.
    That it cannot be kept is no reason to fail.
    """
    engine = create_engine(database_url, poolclass=NullPool, hide_parameters=True)

    def carefully(do: Callable[[], Answer], otherwise: Answer) -> Answer:
        try:
            return do()
        except SQLAlchemyError:
            log.exception("what is known of failed plugins could not be read or written")
            return otherwise

    return Memory(
        keep=lambda failure: carefully(lambda: _keep(engine, failure), None),
        is_resumed=lambda failure_id: carefully(lambda: _is_resumed(engine, failure_id), False),
    )


def _keep(engine: Engine, failure: Failure) -> None:
    with engine.begin() as connection:
        connection.execute(insert(PluginFailure).values(**{**asdict(failure), "error": failure.error[:300]}))


def _is_resumed(engine: Engine, failure_id: UUID) -> bool:
    """Also when it is not kept any more."""
    with engine.connect() as connection:
        return not connection.scalar(select(PluginFailure.suspends).where(PluginFailure.id == failure_id))


@hourly
def prune() -> None:
    """Drop what is a month old, and of a plugin that fails all the time what goes beyond the latest."""
    ranked = select(
        PluginFailure.id,
        func.row_number().over(partition_by=PluginFailure.plugin, order_by=PluginFailure.at.desc()).label("place"),
    ).subquery()
    surplus = select(ranked.c.id).where(ranked.c.place > MOST_KEPT)
    db.session.execute(delete(PluginFailure).where(or_(PluginFailure.at < now() - KEPT, PluginFailure.id.in_(surplus))))
    db.session.commit()


def last_failures(area: AreaCode, plugin: str) -> Sequence[PluginFailure]:
    """The latest failures that concern an area, the newest first: those in it and those of no area."""
    here = or_(PluginFailure.area_id.is_(None), PluginFailure.area_id.between(area.id, area.hi))
    query = select(PluginFailure).where(PluginFailure.plugin == plugin, here)
    return db.session.scalars(query.order_by(PluginFailure.at.desc()).limit(MOST_SHOWN)).all()


@dataclass(frozen=True)
class Stopped:
    """A plugin that does not run somewhere although it is switched on.

    ``area_id`` is where somebody suspended it; None where it was left out by itself, ``at`` then being the last time.
    """

    plugin: str
    at: datetime
    area_id: int | None
    user_name: str
    reason: str

    @property
    def by_itself(self) -> bool:
        return self.area_id is None

    @property
    def area(self) -> str:
        return str(AreaCode.from_id(self.area_id or EVERYWHERE))


def stopped(area: AreaCode) -> list[Stopped]:
    """What is suspended at an area, above it or in it, and what has been left out of pages lately; in one query."""
    by_hand = select(
        PluginSuspension.plugin,
        PluginSuspension.at,
        PluginSuspension.area_id,
        PluginSuspension.user_name,
        PluginSuspension.reason,
    ).where(or_(PluginSuspension.area_id.in_(around(area)), PluginSuspension.area_id.between(area.id, area.hi)))
    by_itself = (
        select(PluginFailure.plugin, func.max(PluginFailure.at), null(), literal(""), literal(""))
        .where(PluginFailure.suspends, PluginFailure.at > now() - timedelta(seconds=SUSPENSION_SECONDS))
        .group_by(PluginFailure.plugin)
    )
    rows = db.session.execute(union_all(by_hand, by_itself)).all()
    return sorted((Stopped(*row) for row in rows), key=lambda found: (found.plugin, found.area_id is None, found.at))


def around(area: AreaCode) -> list[int]:
    """What an area lies in, itself and the whole installation included."""
    found = [EVERYWHERE, area.id]
    while (above := area.parent) is not None:
        found.append(above.id)
        area = above
    return found


def forget_suspension(plugin: str) -> int:
    """Have every process ask a plugin again that it has left out; answers with how many such suspensions there were.

    The caller commits.
    """
    done = db.session.execute(
        update(PluginFailure)
        .where(PluginFailure.plugin == plugin, PluginFailure.suspends)
        .values(suspends=False)
        .execution_options(synchronize_session=False)
        .returning(PluginFailure.id)
    )
    return len(done.all())
