"""What the village does: write a referral, send it, take it back, tell the resident."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from core.actor import Actor
from core.areas.current import CurrentArea
from core.audit import AuditEntry
from core.cases.deadlines import working_days_after
from core.cases.locking import find_case
from core.cases.models import Case, CaseEvent, Document
from core.clock import now, today
from core.database.session import commit, db
from core.referrals import sending
from core.referrals.drafting import ReferralInput, case_of, change_draft, current_referral, discard, find_referral
from core.referrals.errors import ReferralError, StaleReferral
from core.referrals.models import Organisation, Referral, ReferralDocument
from core.referrals.organisations import find_addressee
from core.referrals.rules import RULES
from core.testing import VILLAGE, at, make_person

from .conftest import (
    NAME,
    NIK,
    Organisations,
    SendTo,
    SignInOfficer,
    answer,
    bring_to,
    draft,
    make_referable,
)


@pytest.fixture
def case(village: CurrentArea) -> Case:
    found = find_case(village.id, make_referable(village).case_id)
    assert found
    return found


def paper_of(case: Case) -> UUID:
    return db.session.scalars(select(Document.id).where(Document.case_id == case.id)).one()


def events_of(village: CurrentArea, case: Case) -> list[str]:
    kinds = db.session.scalars(
        select(CaseEvent.kind)
        .where(CaseEvent.village_id == village.id, CaseEvent.case_id == case.id, CaseEvent.kind.like("referral%"))
        .order_by(CaseEvent.id)
    )
    return list(kinds)


# ---- writing ----


@pytest.mark.parametrize("sector", ["hospital", "puskesmas", "school"])
def test_the_time_to_answer_is_what_is_usual_for_the_organisation(
    village: CurrentArea, case: Case, organisations: Organisations, sector: str
) -> None:
    referral = draft(village, case, getattr(organisations, sector))
    assert referral.answer_days == RULES.at(today()).answer_days[sector]


def test_the_village_may_agree_on_another_time(village: CurrentArea, case: Case, organisations: Organisations) -> None:
    assert draft(village, case, organisations.hospital, answer_days=1).answer_days == 1


def test_a_draft_has_no_number_and_no_history_yet(
    village: CurrentArea, case: Case, organisations: Organisations
) -> None:
    referral = draft(village, case, organisations.hospital)
    assert (referral.state, referral.number, referral.shared) == ("draft", None, {})
    assert events_of(village, case) == ["referral_drafted"]


def test_a_school_does_not_get_the_whole_nik(village: CurrentArea, case: Case, organisations: Organisations) -> None:
    with pytest.raises(ReferralError, match="tidak memerlukan NIK lengkap") as refused:
        draft(village, case, organisations.school, nik="full")
    assert refused.value.field == "nik"


def test_a_paper_of_somebody_else_cannot_go_along(
    village: CurrentArea, case: Case, organisations: Organisations
) -> None:
    other = make_person(village.id, "Orang Lain")
    stranger = Case(**{c.key: getattr(case, c.key) for c in Case.__table__.columns if c.key not in ("id", "ticket")})
    stranger.id, stranger.ticket, stranger.person_id, stranger.household_id = uuid4(), "X-1", other.id, None
    db.session.add(stranger)
    db.session.flush()
    referral = draft(village, stranger, organisations.hospital, documents=(paper_of(case),))
    attached = select(ReferralDocument).where(ReferralDocument.referral_id == referral.id)
    assert db.session.scalars(attached).all() == []


def test_a_closed_case_is_not_referred(village: CurrentArea, case: Case, organisations: Organisations) -> None:
    case.closed_at = now()
    with pytest.raises(ReferralError, match="sudah ditutup"):
        draft(village, case, organisations.hospital)


def test_a_draft_that_nobody_saw_is_thrown_away_with_its_papers(
    village: CurrentArea, case: Case, organisations: Organisations
) -> None:
    referral = draft(village, case, organisations.hospital, documents=(paper_of(case),))
    discard(referral, case)
    commit()
    assert find_referral(village.id, referral.id) is None
    assert set(events_of(village, case)) == {"referral_drafted", "referral_discarded"}


def test_the_offices_above_a_village_need_no_registration(village: CurrentArea, areas: None) -> None:
    first = find_addressee(village.interval, "dinsos")
    again = find_addressee(village.interval, "dinsos")
    assert first is not None
    assert again is not None
    assert (first.id, first.name) == (again.id, "Dinas Sosial Kabupaten Bogor")


# ---- sending ----


def send(village: CurrentArea, case: Case, organisation_id: UUID, **values: object) -> Referral:
    referral = draft(village, case, organisation_id, **values)
    sending.send(village, referral, case)
    commit()
    return referral


def test_sending_numbers_the_referral_and_sets_the_day_of_the_answer(
    village: CurrentArea, case: Case, organisations: Organisations
) -> None:
    first = send(village, case, organisations.hospital, answer_days=4)
    second = send(village, case, organisations.hospital)
    year = f"{today():%y}"
    assert (first.number, second.number) == (f"CBD-R{year}-0001", f"CBD-R{year}-0002")
    assert first.due_on == working_days_after(today(village.timezone), 4)


def test_the_receiver_gets_a_copy_of_what_was_chosen_and_nothing_else(
    village: CurrentArea, case: Case, organisations: Organisations
) -> None:
    referral = send(village, case, organisations.hospital, fields=("sex", "rt_rw"), nik="masked")
    assert referral.shared == {
        "name": NAME,
        "sex": "P",
        "rt_rw": "002/005",
        "nik": "3201 •••• •••• 0042",
        "nik_full": False,
        "kind": "membership",
        "ask": "Mohon aktifkan kembali PBI-JK.",
        "note": "",
    }


def test_the_whole_nik_is_in_no_copy(village: CurrentArea, case: Case, organisations: Organisations) -> None:
    referral = send(village, case, organisations.hospital, nik="full")
    assert NIK not in str(referral.shared)
    assert referral.shared["nik_full"] is True


def test_what_changes_later_stays_in_the_village(
    village: CurrentArea, case: Case, organisations: Organisations
) -> None:
    referral = send(village, case, organisations.hospital)
    case.person.name = "Nama Baru"
    commit()
    assert referral.shared["name"] == NAME


def test_an_organisation_that_was_switched_off_gets_nothing_more(
    village: CurrentArea, case: Case, organisations: Organisations
) -> None:
    referral = draft(village, case, organisations.hospital)
    db.session.get_one(Organisation, organisations.hospital).active = False
    with pytest.raises(ReferralError, match="tidak menerima rujukan lagi"):
        sending.send(village, referral, case)


def test_what_was_sent_is_not_changed_under_the_eyes_of_the_receiver(
    village: CurrentArea, case: Case, organisations: Organisations
) -> None:
    referral = send(village, case, organisations.hospital)
    data = ReferralInput(db.session.get_one(Organisation, organisations.hospital), "membership", "Lain")
    with pytest.raises(ReferralError, match="Tarik kembali dulu"):
        change_draft(village, referral, case, data)


def test_what_came_back_is_mended_and_sent_again_under_its_number(
    village: CurrentArea, case: Case, organisations: Organisations
) -> None:
    referral = send(village, case, organisations.hospital)
    number = referral.number
    sending.recall(village, referral, case, "Salah menulis permintaannya")
    data = ReferralInput(db.session.get_one(Organisation, organisations.hospital), "membership", "Yang benar")
    change_draft(village, referral, case, data)
    assert referral.shared["ask"] != "Yang benar"
    sending.send(village, referral, case)
    commit()
    assert (referral.state, referral.number, referral.shared["ask"]) == ("sent", number, "Yang benar")
    assert referral.back_at is None


def test_what_was_sent_once_never_goes_to_another_organisation(
    village: CurrentArea, case: Case, organisations: Organisations
) -> None:
    referral = send(village, case, organisations.hospital)
    sending.recall(village, referral, case, "Salah alamat")
    data = ReferralInput(db.session.get_one(Organisation, organisations.school), "membership", "Lain")
    with pytest.raises(ReferralError, match="buat rujukan baru"):
        change_draft(village, referral, case, data)


def test_what_was_sent_once_is_not_thrown_away(village: CurrentArea, case: Case, organisations: Organisations) -> None:
    referral = send(village, case, organisations.hospital)
    sending.recall(village, referral, case, "Salah alamat")
    with pytest.raises(ReferralError, match="sudah pernah dikirim"):
        discard(referral, case)


def test_taking_back_needs_a_reason(village: CurrentArea, case: Case, organisations: Organisations) -> None:
    referral = send(village, case, organisations.hospital)
    with pytest.raises(ReferralError, match="Tulis alasannya"):
        sending.recall(village, referral, case, "  ")


def test_a_page_that_is_older_than_the_referral_changes_nothing(
    village: CurrentArea, case: Case, organisations: Organisations
) -> None:
    referral = send(village, case, organisations.hospital)
    with pytest.raises(StaleReferral):
        current_referral(village.id, referral.id, referral.version - 1)


# ---- telling the resident ----


@pytest.mark.parametrize("state", ["draft", "sent", "accepted", "processing"])
def test_nothing_is_told_before_there_is_an_answer(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer, state: str
) -> None:
    referral_id = send_to(organisations.hospital)
    if state != "draft":
        bring_to(app, sign_in_officer(organisations.hospital), referral_id, state)
    with at(app, VILLAGE) as area:
        referral = find_referral(area.id, referral_id)
        assert referral
        case = case_of(referral)
        found = draft(area, case, organisations.hospital) if state == "draft" else referral
        with pytest.raises(ReferralError, match="tidak mungkin lagi"):
            sending.tell(area, found, case, how="desk", on=today())


@pytest.mark.parametrize("state", ["returned", "done", "refused"])
def test_telling_the_resident_closes_it(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer, state: str
) -> None:
    referral_id = send_to(organisations.hospital)
    bring_to(app, sign_in_officer(organisations.hospital), referral_id, state)
    with at(app, VILLAGE) as area:
        referral = find_referral(area.id, referral_id)
        assert referral
        assert referral.told_at is None
        sending.tell(area, referral, case_of(referral), how="desk", on=today())
        commit()
        assert (referral.state, referral.told_at is not None) == ("told", True)


@pytest.mark.parametrize(("how", "days", "field"), [("letter", 0, "how"), ("desk", 1, "on"), ("desk", -1, "on")])
def test_a_telling_that_cannot_have_been_is_refused(
    village: CurrentArea, case: Case, how: str, days: int, field: str
) -> None:
    dinsos = find_addressee(village.interval, "dinsos")
    assert dinsos
    referral = send(village, case, dinsos.id)
    sending.recall(village, referral, case, "Salah alamat")
    with pytest.raises(ReferralError) as refused:
        sending.tell(village, referral, case, how=how, on=today(village.timezone) + timedelta(days=days))
    assert refused.value.field == field


def test_the_answer_makes_the_village_due(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    referral_id = send_to(organisations.hospital, answer_days=30)
    bring_to(app, sign_in_officer(organisations.hospital), referral_id, "done")
    with at(app, VILLAGE) as area:
        referral = find_referral(area.id, referral_id)
        assert referral
        assert referral.due_on == working_days_after(today(area.timezone), RULES.at(today()).tell_days)


# ---- traces ----


def test_each_step_of_either_side_stands_in_the_timeline_of_the_case(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    referral_id = send_to(organisations.hospital, nik="full")
    officer = sign_in_officer(organisations.hospital)
    for key in ("accept", "process", "finish"):
        answer(app, officer, referral_id, key, note="Selesai.", reference="12/2026")
    with at(app, VILLAGE, Actor(None, "Wiwin")) as area:
        referral = find_referral(area.id, referral_id)
        assert referral
        case = case_of(referral)
        sending.tell(area, referral, case, how="visit", on=today())
        commit()
        kinds = ["drafted", "sent", "accepted", "processing", "done", "told"]
        assert events_of(area, case) == [f"referral_{kind}" for kind in kinds]
        actions = db.session.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.area_id == area.id, AuditEntry.object_id == str(referral_id))
            .order_by(AuditEntry.seq)
        ).all()
        assert [a for a in actions if a != "referrals.opened"] == [f"referrals.{kind}" for kind in kinds[1:]]
