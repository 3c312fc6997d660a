"""What an organisation sees of a referral: plain values, and no object that a page could follow to case or family."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.audit import record
from core.cases.models import Document
from core.database.session import commit, db
from core.files import FileStore
from core.people.models import Person

from .addressing import Address, NotAddressed, in_village
from .errors import ReferralError
from .history import history_of, note_step
from .models import Referral, ReferralDocument
from .states import WITH_RECEIVER, ReferralStep, steps_from


@dataclass(frozen=True)
class ReceivedPaper:
    id: UUID
    title: str
    evidence: bool


@dataclass(frozen=True)
class ReceivedEvent:
    title: str
    note: str
    who: str
    at: datetime


@dataclass(frozen=True)
class Received:
    """All that an organisation may know of a referral. ``shared`` has only the name once it is out of its hands."""

    village: str
    village_path: str
    number: str
    organisation: str
    state: str
    decision: str
    due_on: date
    version: int
    shared: dict[str, Any]
    papers: Sequence[ReceivedPaper]
    steps: Sequence[ReferralStep]
    history: Sequence[ReceivedEvent]

    @property
    def in_hands(self) -> bool:
        return self.state in WITH_RECEIVER


def read(address: Address) -> Received:
    """The page of a received referral; that it was opened is recorded in the village.

    Raises: NotAddressed.
    """
    with in_village(address) as opened:
        referral = opened.referral
        record("referrals.opened", "referral", referral.id, organisation=str(referral.organisation_id))
        received = Received(
            village=opened.area.title,
            village_path=opened.area.path,
            number=referral.number or "",
            organisation=referral.organisation.name,
            state=referral.state,
            decision=referral.decision,
            due_on=referral.due_on,
            version=referral.version,
            shared=seen_by_receiver(referral),
            papers=_papers(referral),
            steps=steps_from(referral.state, "receiver"),
            history=[
                ReceivedEvent(line.title, line.note, line.who, line.event.at)
                for line in history_of(referral.village_id, referral)
            ],
        )
        commit()
    return received


def show_nik(address: Address) -> str:
    """The whole NIK, which the village let this organisation see; each showing stands in the history of both sides.

    Raises:
        NotAddressed: not theirs.
        ReferralError: not meant to be seen, or not any more.
    """
    with in_village(address) as opened:
        referral, case = opened.referral, opened.case
        if referral.state not in WITH_RECEIVER or not referral.shared.get("nik_full"):
            raise ReferralError(_("NIK lengkap tidak dibuka untuk rujukan ini."))
        nik = db.session.scalar(
            select(Person.nik).where(Person.village_id == case.village_id, Person.id == case.person_id)
        )
        note_step(referral, case, "nik_shown", "receiver")
        record("people.nik_shown", "person", case.person_id, referral=str(referral.id))
        commit()
    return nik or _("belum punya NIK")


def open_paper(address: Address, paper_id: UUID, files_dir: Path) -> tuple[Path, str, str]:
    """Path, media type and title of a paper that came with the referral, or of the organisation's own evidence.

    Raises: NotAddressed: no such paper, or the referral is out of their hands.
    """
    with in_village(address) as opened:
        referral = opened.referral
        row = db.session.execute(
            select(Document, ReferralDocument.side, ReferralDocument.title)
            .join(
                ReferralDocument,
                (ReferralDocument.village_id == Document.village_id) & (ReferralDocument.document_id == Document.id),
            )
            .where(
                ReferralDocument.village_id == referral.village_id,
                ReferralDocument.referral_id == referral.id,
                ReferralDocument.id == paper_id,
            )
        ).first()
        if row is None or (row.side == "village" and referral.state not in WITH_RECEIVER):
            raise NotAddressed
        document, path = row.Document, FileStore(files_dir, referral.village_id).path(row.Document.sha256)
        record("documents.opened", "document", document.id, kind=document.kind, referral=str(referral.id))
        answer = path, document.media_type, row.title
        commit()
    return answer


def seen_by_receiver(referral: Referral) -> dict[str, Any]:
    """The purpose ends with the referral: what comes back or is closed leaves the organisation a name to find it by."""
    shared = dict(referral.shared)
    if referral.state in WITH_RECEIVER:
        return shared
    return {key: shared[key] for key in ("name", "kind", "ask") if key in shared}


def _papers(referral: Referral) -> list[ReceivedPaper]:
    rows = db.session.scalars(
        select(ReferralDocument)
        .where(ReferralDocument.village_id == referral.village_id, ReferralDocument.referral_id == referral.id)
        .order_by(ReferralDocument.id)
    )
    return [
        ReceivedPaper(row.id, row.title, row.side == "receiver")
        for row in rows
        if row.side == "receiver" or referral.state in WITH_RECEIVER
    ]
