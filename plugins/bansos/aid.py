"""What residents get from distributions: what waits for them, and what was handed over."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY

from core.api import AidReceived, Area, db, gettext

from .distributions import PLACES, SOURCES
from .goods import in_words
from .models import AidDistribution, AidHandover, AidRecipient

# For core's pages, put together once: building a statement takes longer than running it.
_OF_PEOPLE = PLACES.where(
    AidRecipient.village_id == bindparam("village_id"),
    AidRecipient.person_id == any_(bindparam("people", type_=ARRAY(Uuid))),
)


def aid_of(area: Area, people: Collection[UUID]) -> list[AidReceived]:
    """Each place on a list that was not struck off; one query. Aid that nobody fetched in its time is none."""
    rows = db.session.execute(_OF_PEOPLE, {"village_id": area.id, "people": list(people)}).all()
    return [
        _received(distribution, recipient, handover)
        for distribution, recipient, handover in rows
        if handover or (recipient.struck_on is None and distribution.is_open)
    ]


def _received(distribution: AidDistribution, recipient: AidRecipient, handover: AidHandover | None) -> AidReceived:
    days = (handover.handed_on, handover.handed_on) if handover else (distribution.first_day, distribution.last_day)
    place: dict[str, Any] = {"endpoint": "bansos.distribution", "values": {"id": distribution.id}}
    giver = SOURCES.get(distribution.source, distribution.source)
    return AidReceived(
        programme="bansos",
        title=distribution.title,
        state="received" if handover else "decided",
        source=gettext("%(giver)s, serah terima", giver=giver)
        if handover
        else gettext("%(giver)s, daftar penerima", giver=giver),
        permission="bansos.read",
        person_id=recipient.person_id,
        amount=distribution.amount,
        goods=in_words(distribution.goods, None),
        first_day=days[0],
        last_day=days[1],
        recorded_at=handover.created_at if handover else distribution.created_at,
        **place,
    )
