"""Contributions, barriers and proposals: what is written down between two meetings."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_

from core.api import PAGE_SIZE, Area, CaseError, Page, db, gettext, paged, read_keys, record

from . import saving
from .models import Partner, PartnerBarrier, PartnerContribution, PartnerProposal

BARRIERS_SHOWN = ("open", "resolved")
PROPOSALS_SHOWN = ("open", "decided")


# ---- contributions ----


def contribute(area: Area, partner: Partner, values: Mapping[str, Any], *, by: UUID | None) -> PartnerContribution:
    given = PartnerContribution(village_id=area.id, partner_id=partner.id, created_by=by, **values)
    saving.add(given, "partnership.contribution_added", "partnership_contribution")
    return given


def withdraw(village_id: int, contribution_id: UUID) -> UUID | None:
    """A line that was written by mistake goes, with a trace; its partner's id, None where it is not there."""
    found = db.session.get(PartnerContribution, (village_id, contribution_id))
    if found is None:
        return None
    record("partnership.contribution_removed", "partnership_contribution", found.id, amount=found.amount)
    db.session.delete(found)
    return found.partner_id


def contributions_of(village_id: int, partner_id: UUID, limit: int = 20) -> Sequence[PartnerContribution]:
    return db.session.scalars(
        select(PartnerContribution)
        .where(PartnerContribution.village_id == village_id, PartnerContribution.partner_id == partner_id)
        .order_by(PartnerContribution.given_on.desc(), PartnerContribution.id.desc())
        .limit(limit)
    ).all()


# ---- barriers ----


def open_barrier(area: Area, values: Mapping[str, Any], *, by: UUID | None) -> PartnerBarrier:
    barrier = PartnerBarrier(village_id=area.id, created_by=by, **values)
    saving.add(barrier, "partnership.barrier_opened", "partnership_barrier", kind=barrier.kind)
    return barrier


def change_barrier(barrier: PartnerBarrier, values: Mapping[str, Any]) -> None:
    """Raises: CaseError: it would have been resolved before it was opened."""
    if barrier.resolved_on and values.get("opened_on") and barrier.resolved_on < values["opened_on"]:
        raise CaseError(gettext("Hambatan tidak dapat selesai sebelum dibuka."))
    saving.change(barrier, values, "partnership.barrier_changed", "partnership_barrier")


def resolve_barrier(barrier: PartnerBarrier, on: date, resolution: str) -> None:
    """Raises: CaseError: it is resolved, or would be before it was opened."""
    if barrier.resolved_on is not None:
        raise CaseError(gettext("Hambatan ini sudah diselesaikan."))
    if on < barrier.opened_on:
        raise CaseError(gettext("Hambatan tidak dapat selesai sebelum dibuka."))
    values = {"resolved_on": on, "resolution": resolution}
    saving.change(barrier, values, "partnership.barrier_resolved", "partnership_barrier")


def reopen_barrier(barrier: PartnerBarrier) -> None:
    """Raises: CaseError: it is open."""
    if barrier.resolved_on is None:
        raise CaseError(gettext("Hambatan ini masih terbuka."))
    saving.change(barrier, {"resolved_on": None}, "partnership.barrier_reopened", "partnership_barrier")


def barriers_page(village_id: int, show: str, cursor: str | None) -> Page[PartnerBarrier]:
    """Open ones the oldest first, resolved ones the latest first."""
    query = select(PartnerBarrier).where(PartnerBarrier.village_id == village_id)
    if show == "open":
        key = (PartnerBarrier.opened_on, PartnerBarrier.id)
        query = query.where(PartnerBarrier.resolved_on.is_(None)).order_by(*key)
    else:
        key = (PartnerBarrier.resolved_on, PartnerBarrier.id)
        query = query.where(PartnerBarrier.resolved_on.is_not(None)).order_by(*(column.desc() for column in key))
    if after := read_keys(cursor, date.fromisoformat, UUID):
        query = query.where(tuple_(*key) > after if show == "open" else tuple_(*key) < after)
    rows = db.session.scalars(query.limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda row: (row.opened_on if show == "open" else row.resolved_on, row.id), cursor)


def open_barriers_of(village_id: int, partner_id: UUID, limit: int = 10) -> Sequence[PartnerBarrier]:
    return db.session.scalars(
        select(PartnerBarrier)
        .where(
            PartnerBarrier.village_id == village_id,
            PartnerBarrier.partner_id == partner_id,
            PartnerBarrier.resolved_on.is_(None),
        )
        .order_by(PartnerBarrier.opened_on, PartnerBarrier.id)
        .limit(limit)
    ).all()


def find_barrier(village_id: int, barrier_id: UUID) -> PartnerBarrier | None:
    return db.session.get(PartnerBarrier, (village_id, barrier_id))


# ---- proposals ----


def propose(area: Area, values: Mapping[str, Any]) -> PartnerProposal:
    """Of a partner, or of residents where ``partner_id`` is None."""
    proposal = PartnerProposal(village_id=area.id, **values)
    saving.add(proposal, "partnership.proposal_added", "partnership_proposal")
    return proposal


def change_proposal(proposal: PartnerProposal, values: Mapping[str, Any]) -> None:
    saving.change(proposal, values, "partnership.proposal_changed", "partnership_proposal")


def decide_proposal(proposal: PartnerProposal, decision: str, on: date, reason: str) -> None:
    """Raises: CaseError: it would be decided before it was made."""
    if on < proposal.made_on:
        raise CaseError(gettext("Usul tidak dapat diputus sebelum diajukan."))
    values = {"decision": decision, "decided_on": on, "reason": reason}
    saving.change(proposal, values, "partnership.proposal_decided", "partnership_proposal", decision=decision)


def proposals_page(village_id: int, show: str, cursor: str | None) -> Page[PartnerProposal]:
    """The latest first."""
    key = (PartnerProposal.made_on, PartnerProposal.id)
    query = select(PartnerProposal).where(
        PartnerProposal.village_id == village_id,
        PartnerProposal.decision == "" if show == "open" else PartnerProposal.decision != "",
    )
    if after := read_keys(cursor, date.fromisoformat, UUID):
        query = query.where(tuple_(*key) < after)
    rows = db.session.scalars(query.order_by(*(column.desc() for column in key)).limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda row: (row.made_on, row.id), cursor)


def find_proposal(village_id: int, proposal_id: UUID) -> PartnerProposal | None:
    return db.session.get(PartnerProposal, (village_id, proposal_id))
