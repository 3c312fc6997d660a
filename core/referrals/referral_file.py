"""Everything that the village's page of one referral shows, gathered by a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.areas.current import CurrentArea
from core.cases.models import Case
from core.clock import today
from core.database.session import db

from .drafting import EDITABLE, case_of
from .history import HistoryLine, history_of
from .models import Referral, ReferralDocument
from .planned import follows_plan
from .shared import snapshot
from .states import STATES, WITH_RECEIVER, ReferralState, ReferralStep, bar, steps_from


@dataclass(frozen=True)
class ReferralFile:
    """A referral with all that hangs on it. ``shared`` is what the receiver reads or, before it is sent, would read."""

    referral: Referral
    case: Case
    shared: dict[str, Any]
    papers: Sequence[ReferralDocument]
    evidence: Sequence[ReferralDocument]
    steps: Sequence[ReferralStep]
    history: Sequence[HistoryLine]

    @property
    def state(self) -> ReferralState:
        return STATES[self.referral.state]

    @property
    def bar(self) -> list[tuple[Any, str]]:
        return bar(self.referral.state, self.referral.decision)

    @property
    def editable(self) -> bool:
        return self.referral.state in EDITABLE and self.case.closed_at is None

    @property
    def is_planned(self) -> bool:
        """Whether it is the one that the case's service plans: its answer is then recorded on the case."""
        return follows_plan(self.referral, self.case)

    @property
    def with_receiver(self) -> bool:
        return self.referral.state in WITH_RECEIVER

    def may(self, step: str) -> bool:
        """Whether the village can take a step now."""
        return any(s.key == step for s in self.steps)


def load_referral_file(area: CurrentArea, referral: Referral) -> ReferralFile:
    case = case_of(referral)
    documents = db.session.scalars(
        select(ReferralDocument)
        .where(ReferralDocument.village_id == area.id, ReferralDocument.referral_id == referral.id)
        .options(joinedload(ReferralDocument.document))
        .order_by(ReferralDocument.id)
    ).all()
    shared = dict(referral.shared)
    if referral.state in EDITABLE:
        text = {"kind": referral.kind, "ask": referral.ask, "note": referral.note}
        shared = {**snapshot(case, referral.fields, referral.nik, today(area.timezone)), **text}
    return ReferralFile(
        referral=referral,
        case=case,
        shared=shared,
        papers=[row for row in documents if row.side == "village"],
        evidence=[row for row in documents if row.side == "receiver"],
        steps=steps_from(referral.state, "village"),
        history=history_of(area.id, referral),
    )
