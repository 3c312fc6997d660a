"""Influence: whose proposals are adopted, and who decides what becomes of a case."""

from collections.abc import Sequence

from sqlalchemy import distinct, func, select

from core.api import AreaCode, Case, Referral, db

from ..models import Partner, PartnerProposal
from .indicators import Tally
from .months import Month


def measure(village: AreaCode, month: Month, partners: Sequence[Partner], tally: Tally) -> None:
    """Three queries.

    - proposals: of those that the partner made in the month, adopted / made; in the village also by kind of partner.
    - citizen, of the village: of what residents proposed in the month, decided (adopted or rejected) / told.
    - decided: of the village's cases closed in the month, those with a referral that the partner decided (done or
      refused) / closed. A case that two partners decided counts once in the village's figure.

    Restricted cases count only for whoever may see them.

    Source: domain of the partnership (Xue et al. 2020).
    """
    _proposals(village, month, partners, tally)
    closed = (Case.village_id == village.id, Case.closed_at >= month.since, Case.closed_at < month.until)
    of_cases = (Case.village_id == Referral.village_id) & (Case.id == Referral.case_id)
    deciding = [partner.organisation_id for partner in partners if partner.organisation_id]
    by_partners = (Referral.decision != "", Referral.organisation_id.in_(deciding), *closed)
    number = func.count(distinct(Case.id))
    decided = {
        row[0]: row[1]
        for row in db.session.execute(
            select(Referral.organisation_id, number)
            .join(Case, of_cases)
            .where(*by_partners)
            .group_by(Referral.organisation_id)
        )
    }
    total = db.session.scalar(select(func.count()).select_from(Case).where(*closed)) or 0
    by_any = db.session.scalar(select(number).select_from(Referral).join(Case, of_cases).where(*by_partners)) or 0
    for partner in partners:
        if partner.organisation_id:
            tally.put(partner.id, "decided", decided.get(partner.organisation_id, 0), total)
    tally.village["decided"] = (by_any, total)


def _proposals(village: AreaCode, month: Month, partners: Sequence[Partner], tally: Tally) -> None:
    kinds = {partner.id: partner.kind_code for partner in partners}
    adopted = func.count().filter(PartnerProposal.decision == "adopted")
    decided = func.count().filter(PartnerProposal.decision != "")
    rows = db.session.execute(
        select(PartnerProposal.partner_id, adopted, decided, func.count())
        .where(
            PartnerProposal.village_id == village.id,
            PartnerProposal.made_on >= month.first,
            PartnerProposal.made_on < month.next,
        )
        .group_by(PartnerProposal.partner_id)
    )
    for partner_id, yes, settled, made in rows:
        if partner_id is None:
            tally.village["citizen"] = (settled, made)
        elif partner_id in kinds:
            tally.add(partner_id, "proposals", yes, made)
            tally.add(None, f"proposals_{kinds[partner_id]}", yes, made)
