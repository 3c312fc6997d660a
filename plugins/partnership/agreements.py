"""Agreements: what each side promised, who signed, until when."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import select

from core.api import Area, CaseError, FileRefused, db, drop_files, gettext, keep_file

from . import saving
from .models import Partner, PartnerAgreement

THING = "partnership_agreement"


def state_on(agreement: PartnerAgreement, day: date) -> str:
    """draft, signed, expired or ended, on a day."""
    if agreement.state == "signed" and agreement.valid_until is not None and agreement.valid_until < day:
        return "expired"
    return agreement.state


def add(area: Area, partner: Partner, values: Mapping[str, Any], file: BinaryIO | None) -> PartnerAgreement:
    """Raises: CaseError: dates that cannot be, or a file that is not taken."""
    _check(values)
    known = {**values, "state": _state(values), **_kept(area, file)}
    agreement = PartnerAgreement(village_id=area.id, partner_id=partner.id, **known)
    saving.add(agreement, "partnership.agreement_added", THING)
    return agreement


def change(area: Area, agreement: PartnerAgreement, values: Mapping[str, Any], file: BinaryIO | None) -> None:
    """A new file takes the place of the old one.

    Raises: CaseError: it was ended, dates that cannot be, or a file that is not taken.
    """
    if agreement.state == "ended":
        raise CaseError(gettext("Perjanjian ini sudah dihentikan dan tidak diubah lagi."))
    _check(values)
    before = agreement.sha256
    known = {**values, "state": _state(values), **_kept(area, file)}
    saving.change(agreement, known, "partnership.agreement_changed", THING)
    if before and before != agreement.sha256 and not _used(area.id, before):
        drop_files(area.id, {before})


def _used(village_id: int, sha256: str) -> bool:
    db.session.flush()
    query = select(PartnerAgreement.id).where(
        PartnerAgreement.village_id == village_id, PartnerAgreement.sha256 == sha256
    )
    return db.session.scalar(query.limit(1)) is not None


def _check(values: Mapping[str, Any]) -> None:
    signed, until = values.get("signed_on"), values.get("valid_until")
    if signed and not (values.get("our_signer") and values.get("their_signer")):
        raise CaseError(gettext("Tulis siapa yang menandatangani dari kedua pihak."))
    if signed and until and until < signed:
        raise CaseError(gettext("Perjanjian tidak dapat berakhir sebelum ditandatangani."))


def _state(values: Mapping[str, Any]) -> str:
    return "signed" if values.get("signed_on") else "draft"


def _kept(area: Area, file: BinaryIO | None) -> dict[str, str]:
    if file is None:
        return {}
    try:
        stored = keep_file(area, file)
    except FileRefused as error:
        raise CaseError(str(error)) from error
    return {"sha256": stored.sha256, "media_type": stored.media_type}


def end(agreement: PartnerAgreement, on: date, why: str) -> None:
    """Raises: CaseError: it was never signed, or has ended."""
    if agreement.state != "signed":
        raise CaseError(gettext("Hanya perjanjian yang ditandatangani dapat dihentikan."))
    values = {"state": "ended", "ended_on": on, "ended_why": why}
    saving.change(agreement, values, "partnership.agreement_ended", THING)


def find(village_id: int, agreement_id: UUID) -> PartnerAgreement | None:
    return db.session.get(PartnerAgreement, (village_id, agreement_id))


def of_partner(village_id: int, partner_id: UUID) -> Sequence[PartnerAgreement]:
    """The latest first."""
    return db.session.scalars(
        select(PartnerAgreement)
        .where(PartnerAgreement.village_id == village_id, PartnerAgreement.partner_id == partner_id)
        .order_by(PartnerAgreement.id.desc())
        .limit(50)
    ).all()


def best_of(village_id: int, partner_ids: Collection[UUID], day: date) -> dict[UUID, PartnerAgreement]:
    """For a list of partners, the agreement that says most: in date before run out before draft, one query."""
    order = {"signed": 0, "expired": 1, "draft": 2, "ended": 3}
    rows = db.session.scalars(
        select(PartnerAgreement).where(
            PartnerAgreement.village_id == village_id, PartnerAgreement.partner_id.in_(partner_ids)
        )
    ).all()
    ranked = sorted(
        rows, key=lambda row: (order.get(state_on(row, day), 4), -(row.valid_until or date.max).toordinal())
    )
    found: dict[UUID, PartnerAgreement] = {}
    for row in ranked:
        found.setdefault(row.partner_id, row)
    return found


def expiring(village_id: int, day: date, until: date, limit: int = 5) -> Sequence[PartnerAgreement]:
    """Signed ones that end soon, the next first."""
    ends = PartnerAgreement.valid_until
    return db.session.scalars(
        select(PartnerAgreement)
        .where(
            PartnerAgreement.village_id == village_id, PartnerAgreement.state == "signed", ends >= day, ends <= until
        )
        .order_by(ends, PartnerAgreement.id)
        .limit(limit)
    ).all()
