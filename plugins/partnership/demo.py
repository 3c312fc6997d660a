"""What the demonstration shows: partners, agreements, barriers, proposals, two meetings, a review, kept scorecards."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.api import Area, commit, db, today

from . import agreements, meetings, partners, register, reviews
from .models import Partner
from .rulebook import statements_of
from .scorecard.board import keep_month, note_activity
from .scorecard.months import month_of

OWN = (
    {"name": "TP PKK desa (contoh)", "kind": "community", "contact": "Ibu Yayah (contoh)", "phone": "0812-0000-0021"},
    {
        "name": "Yayasan Peduli (contoh)",
        "kind": "non_government",
        "contact": "Pak Dedi (contoh)",
        "hours": "Senin–Jumat",
    },
)
MOST_REGISTERED = 3


def fill(area: Area, permissions: frozenset[str]) -> None:  # noqa: ARG001 - nothing here asks who acts
    """Nothing where there are partners already. Half a year ago they were written down."""
    if db.session.scalar(select(Partner.id).where(Partner.village_id == area.id).limit(1)) is not None:
        return
    day = today(area.timezone)
    found = [
        *(
            partners.add(area, {"organisation_id": item.id, "area_served": "Seluruh desa"})
            for item in list(partners.organisations_for(area.interval))[:MOST_REGISTERED]
        ),
        *(partners.add(area, values) for values in OWN),
    ]
    long_ago = datetime.combine(day - timedelta(days=180), time(9), ZoneInfo(area.timezone))
    for partner in found:
        partner.created_at = long_ago
    _agree(area, found, day)
    _given(area, found, day)
    _told(area, found, day)
    _meet(area, found, day)
    _review(area, found[0], day)
    db.session.flush()
    month = month_of(day, area.timezone)
    for closed in (month.before.before, month.before):
        keep_month(area, closed)
        db.session.flush()
    note_activity(area, day)
    commit()


def _agree(area: Area, found: list[Partner], day: date) -> None:
    signers = {"our_signer": "Kepala desa (contoh)", "their_signer": "Pimpinan (contoh)"}
    roles = {
        "our_role": "Merujuk dengan berkas lengkap; menyampaikan jawaban kepada warga.",
        "their_role": "Menjawab rujukan dalam lima hari kerja; mengirim wakil ke pertemuan bulanan.",
    }
    terms = (
        {"signed_on": day - timedelta(days=320), "valid_until": day + timedelta(days=45), **signers},
        {"signed_on": day - timedelta(days=500), "valid_until": day - timedelta(days=12), **signers},
        {},
    )
    for partner, values in zip(found, terms, strict=False):
        agreements.add(area, partner, {"title": "Rujukan dan pendampingan warga", **roles, **values}, None)


def _given(area: Area, found: list[Partner], day: date) -> None:
    for partner, kind, amount, ago in ((found[-2], "measurements", 24, 9), (found[-1], "money", 1_500_000, 20)):
        values = {"kind": kind, "amount": amount, "given_on": day - timedelta(days=ago), "note": "Contoh"}
        register.contribute(area, partner, values, by=None)


def _told(area: Area, found: list[Partner], day: date) -> None:
    def barrier(kind: str, text: str, ago: int, partner: Partner | None, **more: Any) -> None:
        opened_on, partner_id = day - timedelta(days=ago), partner.id if partner else None
        values = {"kind": kind, "text": text, "partner_id": partner_id, "opened_on": opened_on, **more}
        made = register.open_barrier(area, values, by=None)
        if kind == "papers":
            register.resolve_barrier(made, day - timedelta(days=8), "Daftar syarat ditempel di balai desa (contoh).")

    barrier("silent", "Jawaban rujukan datang lebih lambat dari yang disepakati.", 41, found[0], owner="Siti")
    barrier("network", "Sinyal di meja putus setiap siang.", 23, None, source="citizen")
    barrier("papers", "Syarat surat pengantar berbeda antara desa dan mitra.", 35, found[-1], owner="Siti")
    made_on = day - timedelta(days=18)
    first = register.propose(
        area, {"partner_id": found[-2].id, "made_on": made_on, "text": "Posyandu lansia tiap bulan."}
    )
    register.decide_proposal(first, "adopted", day - timedelta(days=15), "Mulai bulan depan di balai RW 05 (contoh).")
    register.propose(area, {"partner_id": None, "made_on": made_on, "text": "Buka meja puskesos satu hari lagi."})


def _meet(area: Area, found: list[Partner], day: date) -> None:
    """One that is over and closed, and the next one."""
    ids = [partner.id for partner in found]
    month = month_of(day, area.timezone)
    held_on = month.before.first + timedelta(days=11)
    values: Mapping[str, Any] = {
        "starts_at": "09:00",
        "place": "Balai desa",
        "leader": "Kepala desa (contoh)",
        "secretary": "Siti (contoh)",
    }
    past = meetings.plan(area, {**values, "month": month.before.first, "held_on": held_on}, ids)
    attendance: dict[UUID, tuple[bool | None, str]] = {
        row.id: (number != 1, "Wakil (contoh)" if number != 1 else "")
        for number, row in enumerate(meetings.invitations_of(past))
    }
    outcomes = {point.id: "Dibahas; ditindaklanjuti (contoh)." for point in meetings.points_of(past)}
    meetings.write_minutes(past, outcomes, attendance)
    for number, (text, owner) in enumerate(
        (("Menempel daftar syarat", "Siti"), ("Menjawab rujukan lama", "Wakil mitra"))
    ):
        due_on = held_on + timedelta(days=14)
        action = meetings.add_action(
            past, {"text": text, "owner": owner, "partner_id": ids[0] if number else None, "due_on": due_on}
        )
        if not number:
            meetings.finish_action(action, due_on - timedelta(days=2))
    meetings.close(past, day, by=None)
    meetings.plan(area, {**values, "month": month.first, "held_on": day + timedelta(days=3)}, ids)


def _review(area: Area, partner: Partner, day: date) -> None:
    year = reviews.year_on(day)
    answers = {key: 3 + number % 3 for number, key in enumerate(statements_of(year))}
    reviews.fill(
        area,
        partner,
        year,
        answers,
        "Kami perlu tahu rujukan lebih awal (contoh).",
        side="partner",
        name="Petugas mitra (contoh)",
    )
