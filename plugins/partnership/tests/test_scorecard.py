"""Each indicator of the four components: its sums, what is hidden below five, months with nothing, their borders."""

from datetime import date, datetime
from typing import Any

import pytest

from core.api import ReferralEvent, commit, db
from core.testing import Clock

from ..models import (
    PartnerAction,
    PartnerAgreement,
    PartnerBarrier,
    PartnerContribution,
    PartnerInvitation,
    PartnerMeeting,
    PartnerProposal,
    PartnerScorecard,
)
from ..scorecard.board import board_of, keep
from ..scorecard.indicators import INDICATORS, Indicator
from ..scorecard.months import Month, read_month
from .conftest import Ledger, wib

OCTOBER = "2026-10-01"


@pytest.mark.parametrize(
    ("key", "amount", "of", "shown", "counts"),
    [
        ("answered", 3, 4, "–", "3/4"),
        ("answered", 4, 5, "80,0 %", "4/5"),
        ("answered", 0, 0, "–", "0/0"),
        ("returned", 0, 5, "0,0 %", "0/5"),
        ("accept_days", 2.5, 4, "–", "n 4"),
        ("accept_days", 2.5, 5, "2,5 hari", "n 5"),
        ("accept_days", None, 0, "–", "n 0"),
        ("age", 40, 4, "–", "n 4"),
        ("age", 60, 5, "12,0 hari", "n 5"),
        ("idle_days", 31, None, "31 hari", ""),
        ("contributions", 2, None, "2", ""),
        ("open", 0, None, "0", ""),
    ],
)
def test_rates_medians_and_means_of_fewer_than_five_are_hidden_and_counts_never(
    key: str, amount: float | None, of: float | None, shown: str, counts: str
) -> None:
    indicator = Indicator(key, amount, of)
    assert (indicator.shown, indicator.counts) == (shown, counts)


def test_a_month_begins_and_ends_where_the_desk_stands() -> None:
    december = Month(date(2026, 12, 1), "Asia/Jayapura")
    assert december.since == datetime.fromisoformat("2026-12-01T00:00+09:00")
    assert december.until == datetime.fromisoformat("2027-01-01T00:00+09:00")
    assert (december.next, december.last, december.before.first) == (
        date(2027, 1, 1),
        date(2026, 12, 31),
        date(2026, 11, 1),
    )
    assert Month(date(2026, 1, 1), "Asia/Jakarta").before.first == date(2025, 12, 1)
    wrong = ("2026-13", "2026-1", "", None, "0001-01", "2026-10-01", "x")
    assert [read_month(text, "Asia/Jakarta") for text in wrong] == [None] * len(wrong)


def test_a_month_without_anything_tells_counts_of_nothing(ledger: Ledger) -> None:
    partner = ledger.partner("Puskesmas")
    own = ledger.partner("PKK", registered=False)
    board = ledger.board()
    nothing = {"answered": ("–", "0/0"), "pairs": ("–", "0/1"), "agreement": ("–", "0/1"), "decided": ("–", "0/0")}
    for key, told in nothing.items():
        assert ledger.told(board, key, partner) == told
    assert ledger.told(board, "pairs") == ("–", "0/1")  # who takes no referrals makes no possible pair
    assert ledger.told(board, "agreement") == ("–", "0/2")
    for key in ("answered", "pairs", "decided"):
        assert ledger.told(board, key, own) is None
    for key in ("present", "actions", "proposals", "resolved", "citizen"):
        assert ledger.told(board, key) is None
    assert ledger.told(board, "open", own) == ("0", "")
    assert set(board.village) <= set(INDICATORS)


def test_a_village_without_partners_has_an_empty_board(ledger: Ledger) -> None:
    ledger.partner("Baru", since="2026-11-01T00:10")
    board = ledger.board()
    assert board.partners == {}
    assert ledger.board("2026-11-01").partners


def test_relationship(ledger: Ledger) -> None:
    busy, quiet, idle = (ledger.partner(name) for name in ("RSUD", "Sekolah", "BPJS"))
    case = ledger.case()
    waits = (1, 2, 3, 4, 10)
    for number, days in enumerate(waits):
        steps = {"sent": f"2026-10-0{number + 1}T08:00", "accepted": f"2026-10-{number + 1 + days:02d}T08:00"}
        if number < 3:
            steps["done" if number else "refused"] = "2026-10-28T09:00"
        ledger.referral(busy, case, steps)
    ledger.referral(busy, case, {"sent": "2026-10-20T08:00", "returned": "2026-10-21T08:00"})
    ledger.referral(quiet, case, {"sent": "2026-10-20T08:00", "recalled": "2026-10-21T08:00"})
    ledger.referral(idle, case, {"sent": "2026-09-30T08:00", "done": "2026-10-03T08:00"})
    board = ledger.board()
    expected: dict[str, tuple[Any, ...]] = {
        "pairs": (("–", "1/1"), ("–", "1/1"), ("–", "0/1"), ("–", "2/3")),
        "answered": (("50,0 %", "3/6"), ("–", "0/1"), ("–", "0/0"), ("42,9 %", "3/7")),
        "returned": (("16,7 %", "1/6"), ("–", "0/1"), ("–", "0/0"), ("14,3 %", "1/7")),
        "accept_days": (("3,0 hari", "n 5"), ("–", "n 0"), ("–", "n 0"), ("3,0 hari", "n 5")),
    }
    for key, told in expected.items():
        assert tuple(ledger.told(board, key, whose) for whose in (busy, quiet, idle, None)) == told, key


def test_a_referral_belongs_to_the_village_s_own_month(ledger: Ledger) -> None:
    """The last of October, 23.50 in Cibadak, is 16.50 UTC; ten past midnight is November there, and October in UTC."""
    partner, case = ledger.partner("RSUD"), ledger.case()
    ledger.referral(partner, case, {"sent": "2026-10-31T23:50"})
    ledger.referral(partner, case, {"sent": "2026-11-01T00:10"})
    ledger.referral(partner, case, {"sent": "2026-10-01T00:00"})
    told = [ledger.told(ledger.board(f"2026-{month:02d}-01"), "answered", partner) for month in (9, 10, 11)]
    assert told == [("–", "0/0"), ("–", "0/2"), ("–", "0/1")]


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ({"state": "draft"}, "0/1"),
        ({"state": "signed", "signed_on": date(2026, 10, 31)}, "1/1"),
        ({"state": "signed", "signed_on": date(2026, 11, 1)}, "0/1"),
        ({"state": "signed", "signed_on": date(2026, 1, 1), "valid_until": date(2026, 10, 31)}, "1/1"),
        ({"state": "signed", "signed_on": date(2026, 1, 1), "valid_until": date(2026, 10, 30)}, "0/1"),
        ({"state": "ended", "signed_on": date(2026, 1, 1), "ended_on": date(2026, 10, 31)}, "0/1"),
        ({"state": "ended", "signed_on": date(2026, 1, 1), "ended_on": date(2026, 11, 2)}, "1/1"),
    ],
)
def test_an_agreement_counts_while_it_is_signed_and_in_date(
    ledger: Ledger, values: dict[str, Any], counts: str
) -> None:
    partner = ledger.partner("PKK", registered=False)
    ledger.add(PartnerAgreement, partner_id=partner.id, title="Rujukan", **values)
    assert ledger.told(ledger.board(), "agreement", partner) == ("–", counts)


def test_engagement(ledger: Ledger) -> None:
    partners = [ledger.partner(f"Mitra {n}", registered=False) for n in range(6)]
    first = partners[0]
    for month, held_on in ((9, date(2026, 9, 30)), (10, date(2026, 10, 31)), (11, date(2026, 11, 1))):
        meeting = ledger.add(PartnerMeeting, month=date(2026, month, 1), held_on=held_on, place="Balai desa")
        for number, partner in enumerate(partners):
            known = {"meeting_id": meeting.id, "partner_id": partner.id, "present": number < 4}
            ledger.add(PartnerInvitation, **known)
    meeting_id = meeting.id
    days = (("2026-10-10", "2026-10-10"), ("2026-10-10", "2026-10-11"), ("2026-10-31", None), ("2026-11-01", None))
    for due, done in days:
        known = {"text": "x", "owner": "Siti", "meeting_id": meeting_id, "partner_id": first.id}
        done_on = date.fromisoformat(done) if done else None
        ledger.add(PartnerAction, due_on=date.fromisoformat(due), done_on=done_on, **known)
    for day in ("2026-09-30", "2026-10-01", "2026-10-31", "2026-11-01"):
        known = {"kind": "surveys", "amount": 3, "partner_id": first.id}
        ledger.add(PartnerContribution, given_on=date.fromisoformat(day), **known)
    board = ledger.board()
    assert ledger.told(board, "present", first) == ("–", "1/1")
    assert ledger.told(board, "present") == ("66,7 %", "4/6")
    assert ledger.told(board, "actions", first) == ("–", "1/3")
    assert ledger.told(board, "contributions", first) == ("2", "")
    # The running month, on the 12th: what is due later does not count against anybody.
    assert ledger.told(ledger.board("2026-11-01"), "actions", first) == ("–", "0/1")
    # Who came on the last day was active; the other two were registered in January and never heard of.
    assert [ledger.told(board, "idle_days", partner) for partner in (first, partners[5])] == [
        ("0 hari", ""),
        ("299 hari", ""),
    ]
    assert ledger.told(board, "dormant") == ("33,3 %", "2/6")


@pytest.mark.parametrize(("day", "idle", "dormant"), [("2026-10-01", 30, "0/1"), ("2026-09-30", 31, "1/1")])
def test_a_partner_is_dormant_after_more_than_thirty_days(ledger: Ledger, day: str, idle: int, dormant: str) -> None:
    partner = ledger.partner("RSUD")
    given_on = date.fromisoformat(day)
    ledger.add(PartnerContribution, kind="money", amount=1, partner_id=partner.id, given_on=given_on)
    ledger.add(PartnerContribution, kind="money", amount=1, partner_id=partner.id, given_on=date(2026, 11, 2))
    board = ledger.board()
    assert ledger.told(board, "idle_days", partner) == (f"{idle} hari", "")
    assert ledger.told(board, "dormant") == ("–", dormant)


def test_a_partner_is_active_by_answering_a_referral_and_not_by_being_sent_one(ledger: Ledger) -> None:
    partner, other, case = ledger.partner("RSUD"), ledger.partner("BPJS"), ledger.case()
    ledger.referral(partner, case, {"sent": "2026-10-01T08:00", "accepted": "2026-10-31T00:30"})
    ledger.referral(other, case, {"sent": "2026-10-30T08:00"})
    board = ledger.board()
    assert ledger.told(board, "idle_days", partner) == ("0 hari", "")
    assert ledger.told(board, "idle_days", other) == ("299 hari", "")


def test_influence(ledger: Ledger) -> None:
    office, people = ledger.partner("RSUD"), ledger.partner("PKK", registered=False)
    for number in range(5):
        decision = "adopted" if number < 3 else "rejected" if number == 3 else ""
        known = {"text": "Usul", "decision": decision, "made_on": date(2026, 10, 1 + number)}
        ledger.add(PartnerProposal, partner_id=people.id, **known)
    ledger.add(PartnerProposal, partner_id=office.id, text="Usul", made_on=date(2026, 10, 31))
    ledger.add(PartnerProposal, partner_id=office.id, text="Usul", made_on=date(2026, 11, 1), decision="adopted")
    for decision in ("adopted", "rejected", ""):
        ledger.add(PartnerProposal, text="Warga", made_on=date(2026, 10, 9), decision=decision)
    cases = [ledger.case() for _ in range(6)]
    for number, case in enumerate(cases):
        case.closed_at = wib("2026-10-31T23:50" if number < 5 else "2026-11-01T00:10")
    for case in (cases[0], cases[1], cases[5]):
        ledger.referral(office, case, {"sent": "2026-10-01T08:00", "done": "2026-10-08T08:00"})
    ledger.referral(office, cases[0], {"sent": "2026-10-01T08:00", "refused": "2026-10-08T08:00"})
    ledger.referral(office, cases[2], {"sent": "2026-10-01T08:00"})
    board = ledger.board()
    assert ledger.told(board, "proposals", people) == ("60,0 %", "3/5")
    assert ledger.told(board, "proposals", office) == ("–", "0/1")
    assert ledger.told(board, "proposals") == ("50,0 %", "3/6")
    assert ledger.told(board, "proposals_community") == ("60,0 %", "3/5")
    assert ledger.told(board, "proposals_government") == ("–", "0/1")
    assert ledger.told(board, "citizen") == ("–", "2/3")
    assert ledger.told(board, "decided", office) == ("40,0 %", "2/5")
    assert ledger.told(board, "decided") == ("40,0 %", "2/5")
    assert ledger.told(ledger.board("2026-11-01"), "decided") == ("–", "1/1")


def test_barriers(ledger: Ledger) -> None:
    partner = ledger.partner("RSUD")

    def barrier(kind: str, opened: str, resolved: str | None = None, of: Any = None) -> None:
        days = {
            "opened_on": date.fromisoformat(opened),
            "resolved_on": date.fromisoformat(resolved) if resolved else None,
        }
        ledger.add(PartnerBarrier, kind=kind, text="x", partner_id=of.id if of else None, **days)

    barrier("silent", "2026-10-21", of=partner)  # 10 days on the last of October
    barrier("silent", "2026-09-01", "2026-11-01", of=partner)  # still open at the end of October: 60 days
    barrier("papers", "2026-10-02", "2026-10-31", of=partner)
    barrier("network", "2026-10-31")  # today: 0 days
    barrier("network", "2026-09-01", "2026-09-30")  # over before October
    barrier("policy", "2026-11-01")  # not yet there
    board = ledger.board()
    assert ledger.told(board, "open", partner) == ("2", "")
    assert ledger.told(board, "open_silent", partner) == ("2", "")
    assert ledger.told(board, "open_papers", partner) is None
    assert ledger.told(board, "resolved", partner) == ("–", "1/3")
    assert board.partners[partner.id]["age"] == (70, 2)
    assert ledger.told(board, "open") == ("3", "")
    assert ledger.told(board, "open_network") == ("1", "")
    assert ledger.told(board, "resolved") == ("–", "1/4")
    barrier("capacity", "2026-10-11")
    barrier("capacity", "2026-10-11")
    board = ledger.board()
    assert ledger.told(board, "age") == ("22,0 hari", "n 5")
    assert ledger.told(board, "resolved") == ("16,7 %", "1/6")


def test_a_closed_month_is_kept_from_its_day_on_and_changes_no_more(ledger: Ledger, clock: Clock) -> None:
    partner, case = ledger.partner("RSUD"), ledger.case()
    referral = ledger.referral(partner, case, {"sent": "2026-10-05T08:00"})
    clock.set(wib("2026-11-09T02:00"))
    keep(ledger.area)
    assert db.session.query(PartnerScorecard).count() == 0
    clock.set(wib("2026-11-10T02:00"))
    version = partner.version
    keep(ledger.area)
    keep(ledger.area)  # one that died with its worker is done again
    assert db.session.query(PartnerScorecard).count() == 2
    kept = board_of(ledger.area, ledger.month(OCTOBER))
    assert kept.kept_at == wib("2026-11-10T02:00")
    assert ledger.told(kept, "answered", partner) == ("–", "0/1")
    db.session.refresh(partner)
    assert (partner.active_on, partner.version) == (date(2026, 1, 5), version)
    event = {"kind": "done", "side": "receiver", "by_name": "–", "at": wib("2026-11-11T08:00")}
    ledger.add(ReferralEvent, referral_id=referral.id, **event)
    commit()
    again = board_of(ledger.area, ledger.month(OCTOBER))
    assert ledger.told(again, "answered", partner) == ("–", "0/1")
    assert ledger.told(ledger.board(), "answered", partner) == ("–", "1/1")  # counted now, it would be another one
    assert board_of(ledger.area, ledger.month("2026-11-01")).kept_at is None
