"""Making the referral that a case's service plans, filled in from the case."""

from flask_babel import gettext as _
from sqlalchemy import select

from core.areas.current import CurrentArea
from core.cases.letter_values import answers_in_words, in_indonesian
from core.cases.locking import hold
from core.cases.models import Case
from core.cases.service import Service
from core.clock import today
from core.database.session import db

from .drafting import ReferralInput, create_draft
from .errors import ReferralError
from .models import Organisation, Referral
from .organisations import addressees, find_addressee
from .plan import PlannedReferral
from .rules import needs_full_nik
from .shared import papers_of


def draft_planned(area: CurrentArea, case: Case, service: Service) -> Referral:
    """The referral as planned, still to be checked and sent; a draft that is there already instead. The caller commits.

    Raises:
        ReferralError: the service plans none, or nobody of the sector serves this village.
        CaseError: the case is closed.
    """
    hold(case)
    plan = service.referral
    organisation = _addressee(area, plan.to) if plan else None
    if plan is None or organisation is None:
        raise ReferralError(_("Penerima rujukan harus dipilih sendiri di sini. Pakai “Rujukan lain”."))
    if waiting := _draft_to(case, organisation.id):
        return waiting
    full = needs_full_nik(plan.to, today(area.timezone))
    papers = [paper.document.id for paper in papers_of(case) if paper.document.kind in plan.papers]
    data = ReferralInput(
        organisation=organisation,
        kind=plan.kind,
        ask=_asked(plan, service, case),
        fields=plan.fields,
        nik=plan.nik if plan.nik != "full" or full else "masked",
        documents=tuple(papers),
    )
    return create_draft(area, case, data)


def _addressee(area: CurrentArea, sector: str) -> Organisation | None:
    """None where nobody of the sector serves the village, or several do: then the clerk has to choose."""
    found = [addressee for addressee in addressees(area.interval) if addressee.sector == sector]
    return find_addressee(area.interval, found[0].key) if len(found) == 1 else None


def _asked(plan: PlannedReferral, service: Service, case: Case) -> str:
    """Indonesian, whatever language the clerk's screen has: it is a letter to somebody else."""
    with in_indonesian():
        return plan.words(answers_in_words(service, case))


def _draft_to(case: Case, organisation_id: object) -> Referral | None:
    return db.session.scalar(
        select(Referral)
        .where(
            Referral.village_id == case.village_id,
            Referral.case_id == case.id,
            Referral.organisation_id == organisation_id,
            Referral.state.in_(("draft", "returned")),
        )
        .order_by(Referral.id.desc())
        .limit(1)
    )
