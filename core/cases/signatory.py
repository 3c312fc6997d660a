"""Whose name stands under a letter."""

from sqlalchemy import select

from core.areas.current import CurrentArea
from core.clock import today
from core.database.session import db
from core.users.models import Membership, User


def signatory_name(area: CurrentArea, role: str) -> str:
    """The one person who holds the role in this very village today; blank when nobody does, or several."""
    names = db.session.scalars(
        select(User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.area_id == area.id,
            Membership.role == role,
            Membership.holds_on(today(area.timezone)),
            User.ended_at.is_(None),
        )
        .limit(2)
    ).all()
    return names[0] if len(names) == 1 else ""


def head_title(area: CurrentArea) -> str:
    """How the head of the village is called: a kelurahan has a lurah."""
    return f"Lurah {area.name}" if area.is_kelurahan else f"Kepala {area.title}"
