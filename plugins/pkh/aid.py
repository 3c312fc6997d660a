"""What families get of PKH, as far as the village knows: that they are KPM, and what this stage may bring.

What is paid stands on the KKS account, which nobody here sees: so nothing is ever said to be received.
"""

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import select

from core.api import AidReceived, Area, db, gettext, today
from core.api import lazy_gettext as _

from .families import claims_in, members_of
from .models import KpmFamily
from .payment import expected
from .rulebook import stage_of

TITLE = _("PKH")
READ = "pkh.read"


def aid_of(area: Area, households: Collection[UUID]) -> list[AidReceived]:
    """Two queries, and the rules'."""
    families = db.session.scalars(
        select(KpmFamily).where(KpmFamily.village_id == area.id, KpmFamily.household_id.in_(households))
    ).all()
    return [*map(_listed, families), *_expected(area, [family for family in families if family.active])]


def _listed(family: KpmFamily) -> AidReceived:
    return AidReceived(
        programme="pkh",
        title=TITLE,
        state="decided",
        source=gettext("daftar KPM desa"),
        permission=READ,
        household_id=family.household_id,
        goods=gettext("kepesertaan"),
        first_day=family.since,
        last_day=max(family.left_on, family.since) if family.left_on else None,
        recorded_at=family.created_at,
        endpoint="pkh.family",
        values={"id": family.id},
    )


def _expected(area: Area, families: Collection[KpmFamily]) -> Iterator[AidReceived]:
    stage = stage_of(today(area.timezone))
    if stage is None or not families:
        return
    members = members_of(area.id, [family.id for family in families])
    for family in families:
        total = expected(claims_in(members[family.id], stage), stage).total
        if total:
            yield AidReceived(
                programme="pkh",
                title=TITLE,
                state="expected",
                source=gettext("perkiraan tahap %(n)s dari komponen di daftar", n=stage.number),
                permission=READ,
                household_id=family.household_id,
                amount=total,
                first_day=stage.first_day,
                last_day=stage.last_day,
                endpoint="pkh.family",
                values={"id": family.id},
            )
