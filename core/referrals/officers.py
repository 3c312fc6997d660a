"""Who answers for which organisation."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, or_, select

from core.areas.code import AreaCode
from core.audit import record
from core.clock import today
from core.database.session import db
from core.users.identity import Identity
from core.users.models import Membership, User

from .errors import ReferralError
from .models import Organisation
from .organisations import OFFICES

PARTNER_ROLE = "partner_officer"


@dataclass(frozen=True)
class Officer:
    membership_id: UUID
    name: str
    username: str
    until: date | None


def answers_for(identity: Identity, area: AreaCode) -> frozenset[UUID]:
    """The organisations for which somebody answers in an area: the partner they work for, or their role's office."""
    held = [membership for membership in identity.memberships if membership.area.covers(area)]
    own = [m.organisation_id for m in held if m.role == PARTNER_ROLE and m.organisation_id]
    conditions: list[ColumnElement[bool]] = [Organisation.id.in_(own)] if own else []
    for office in OFFICES:
        places = [m.area.id for m in held if m.role == office.role and m.area.level == office.level]
        if places:
            conditions.append(and_(Organisation.sector == office.sector, Organisation.area_id.in_(places)))
    if not conditions:
        return frozenset()
    return frozenset(db.session.scalars(select(Organisation.id).where(or_(*conditions), Organisation.active)))


def officers_of(organisation: Organisation) -> list[Officer]:
    """Who answers for a partner organisation today, by name."""
    rows = db.session.execute(
        select(Membership.id, User.name, User.username, Membership.until)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organisation_id == organisation.id,
            Membership.role == PARTNER_ROLE,
            Membership.holds_on(today()),
            User.ended_at.is_(None),
        )
        .order_by(User.name)
    )
    return [Officer(*row) for row in rows]


def appoint(organisation: Organisation, username: str, until: date | None = None) -> User:
    """Let an account answer for a partner organisation, in the area that it serves.

    Raises:
        ReferralError: there is no such account, or it already answers for another organisation there.
    """
    user = db.session.scalar(
        select(User).where(func.lower(User.username) == username.strip().lower(), User.ended_at.is_(None))
    )
    if user is None:
        raise ReferralError(_("Tidak ada akun bernama %(name)s. Buat akunnya dulu.", name=username), "username")
    held = db.session.scalar(
        select(Membership).where(
            Membership.user_id == user.id,
            Membership.area_id == organisation.area_id,
            Membership.role == PARTNER_ROLE,
        )
    )
    if held is None:
        held = Membership(user_id=user.id, area_id=organisation.area_id, role=PARTNER_ROLE)
        db.session.add(held)
    elif held.organisation_id not in (None, organisation.id):
        raise ReferralError(_("%(name)s sudah menjawab untuk lembaga lain di wilayah ini.", name=user.name), "username")
    held.organisation_id, held.since, held.until = organisation.id, None, until
    record("organisations.officer_appointed", "organisation", organisation.id, user=str(user.id))
    return user


def dismiss(organisation: Organisation, membership_id: UUID) -> None:
    """Take the right to answer away at once; the account stays."""
    held = db.session.scalar(
        select(Membership).where(
            Membership.id == membership_id,
            Membership.organisation_id == organisation.id,
            Membership.role == PARTNER_ROLE,
        )
    )
    if held is not None:
        record("organisations.officer_dismissed", "organisation", organisation.id, user=str(held.user_id))
        db.session.delete(held)
