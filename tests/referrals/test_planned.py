"""The referral that a service plans: one button, needed for sending, its answer taken over, closed with the case."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event
from wtforms import StringField

from core.areas.code import AreaCode
from core.areas.current import CurrentArea, find_area
from core.cases import progress
from core.cases.casefile import CaseFile, load_case_file
from core.cases.checklist import give_document
from core.cases.errors import CaseError
from core.cases.lists import CaseFilter, cases_page
from core.cases.models import Case
from core.cases.outside_decision import outside_decision
from core.cases.public_status import find_status
from core.cases.service import Requirement, Service, ServiceStandard
from core.clock import today
from core.database.session import commit, db, scope
from core.database.uuid7 import uuid7
from core.platform import platform
from core.plugins.dispatch import Objection
from core.referrals.addressing import Address
from core.referrals.answering import Reply, take_step
from core.referrals.errors import ReferralError
from core.referrals.models import Referral, ReferralDocument
from core.referrals.of_case import reply_of
from core.referrals.organisations import OrganisationInput, register
from core.referrals.plan import PlannedReferral
from core.referrals.planning import draft_planned
from core.referrals.sending import recall, send, tell
from core.testing import VILLAGE, at, make_case, make_person, settle_papers
from core.web.forms import ServiceForm

from .conftest import DISTRICT, PDF

MAY = frozenset({"cases.read", "cases.write", "cases.decide"})
REPLIES = {
    "accept": Reply(),
    "finish": Reply("Direkomendasikan.", "Surat 460/77"),
    "refuse": Reply("Desilnya di atas batas."),
    "return": Reply("KK tidak terbaca."),
}


class PlaceForm(ServiceForm):
    place = StringField("Tempat berobat")


def ask(answers: Mapping[str, str]) -> str:
    return f"Mohon rekomendasi: {answers['place']}."


PLAN = PlannedReferral(to="dinsos", kind="membership", ask=ask, fields=("age", "decile"), nik="full", papers=("ktp",))


def service(**changes: Any) -> Service:
    usual = {
        "name": "sktm.cover",
        "title": "Jaminan contoh",
        "form": PlaceForm,
        "requirements": [Requirement.ID_CARD, Requirement.KK],
        "workflow": outside_decision(steps=("recommended", "proposed"), stale_after_days=30, referral="recommended"),
        "standard": ServiceStandard(time_days=1, product="Usulan"),
        "referral": PLAN,
    }
    return Service(**{**usual, **changes})


SERVICE = service()


@dataclass
class Desk:
    """One case in the scope of its village, and the Dinas Sosial that answers."""

    area: CurrentArea
    case_id: UUID
    service: Service = SERVICE

    @property
    def case(self) -> Case:
        return db.session.get_one(Case, (self.area.id, self.case_id))

    def take(self, *keys: str, **given: Any) -> None:
        for key in keys:
            answer = progress.Answer("Terlihat di laman.", "SK 1", today(), **given)
            progress.take_step(self.area, self.case, self.service, key, MAY, answer)
        commit()

    def refer(self) -> Referral:
        referral = draft_planned(self.area, self.case, self.service)
        send(self.area, referral, self.case)
        commit()
        return referral

    def reply(self, referral: Referral, *keys: str) -> Referral:
        """What the officer does, from the district's scope; the referral as it stands then in the village's."""
        district = find_area(AreaCode.parse(DISTRICT))
        assert district
        identity = (self.area.id, referral.id)
        for key in keys:
            referral = db.session.get_one(Referral, identity)
            version, organisation = referral.version, referral.organisation_id
            address = Address(district, frozenset({organisation}), self.area.interval, identity[1])
            with scope(district):
                take_step(address, key, version, REPLIES[key], platform().config.files_dir)
        return db.session.get_one(Referral, identity)

    @property
    def file(self) -> CaseFile:
        return load_case_file(self.area, self.case, MAY)

    def listed(self, which: str = "todo") -> list[str]:
        page = cases_page(self.area.id, uuid7(), today(), CaseFilter(which), None, permissions=MAY)
        return [row.next_step for row in page.rows]


@pytest.fixture
def desk(village: CurrentArea, monkeypatch: pytest.MonkeyPatch) -> Desk:
    plugins = platform().plugins
    monkeypatch.setattr(plugins, "all_services", {**plugins.all_services, SERVICE.name: SERVICE})
    case = make_case(village, SERVICE, make_person(village.id), place="RSUD Leuwiliang")
    settle_papers(case, SERVICE)
    commit()
    made = Desk(village, case.id)
    made.take("handle")
    return made


def blocked(desk: Desk, key: str = "send") -> str | None:
    return next(step.obstacle for step in desk.file.steps if step.transition.key == key)


# ---- the declaration ----


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"to": "mosque"}, "to must be of"),
        ({"kind": "gift"}, "kind must be of"),
        ({"fields": ("religion",)}, "fields must be of"),
        ({"nik": "all"}, "nik must be of"),
        ({"ask": ""}, "ask must be a text, or a function"),
    ],
)
def test_a_wrong_plan_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PlannedReferral(**{"to": "dinsos", "kind": "membership", "ask": ask, **changes})


def test_a_referral_leads_to_a_step_that_there_is() -> None:
    with pytest.raises(ValueError, match="leads to none of the steps"):
        outside_decision(steps=("recommended",), stale_after_days=9, referral="proposed")


def test_what_it_is_granted_for_is_answered_by_yes_and_the_rejection_by_no() -> None:
    answered = {step.key: step.answered for step in SERVICE.workflow.transitions if step.answered}
    assert answered == {"recommended": "done", "reject": "refused"}
    direct = outside_decision(stale_after_days=9, referral="approve")
    assert {step.key: step.answered for step in direct.transitions if step.answered} == {
        "approve": "done", "reject": "refused",
    }  # fmt: skip


# ---- making it ----


def test_everything_is_filled_in_from_the_case(desk: Desk) -> None:
    files_dir = platform().config.files_dir
    for key in ("ktp", "kk"):
        give_document(desk.case, key, stream=BytesIO(PDF), filename=f"{key}.pdf", files_dir=files_dir)
    commit()
    referral = draft_planned(desk.area, desk.case, SERVICE)
    commit()
    assert (referral.organisation.sector, referral.kind, referral.state) == ("dinsos", "membership", "draft")
    assert referral.ask == "Mohon rekomendasi: RSUD Leuwiliang."
    assert (referral.fields, referral.nik) == (["age", "decile"], "full")
    assert db.session.scalars(db.select(ReferralDocument.title)).all() == ["KTP"], "no paper but those planned"


def test_a_second_press_finds_the_draft(desk: Desk) -> None:
    first = draft_planned(desk.area, desk.case, SERVICE)
    commit()
    assert draft_planned(desk.area, desk.case, SERVICE).id == first.id


def test_the_whole_nik_goes_only_to_who_identifies_people_by_it(desk: Desk) -> None:
    register(AreaCode.parse(DISTRICT).id, OrganisationInput("SMPN 1 Ciampea", "government", "school"))
    to_school = service(referral=PlannedReferral(to="school", kind="programme", ask=ask, nik="full"))
    assert draft_planned(desk.area, desk.case, to_school).nik == "masked"


@pytest.mark.parametrize("there", [0, 2])
def test_where_nobody_or_several_could_be_meant_the_clerk_chooses(desk: Desk, there: int) -> None:
    for number in range(there):
        register(AreaCode.parse(DISTRICT).id, OrganisationInput(f"RS {number}", "government", "hospital"))
    to_hospital = service(referral=PlannedReferral(to="hospital", kind="programme", ask=ask))
    with pytest.raises(ReferralError, match="harus dipilih sendiri"):
        draft_planned(desk.area, desk.case, to_hospital)


def test_a_closed_case_is_not_referred(desk: Desk) -> None:
    desk.take("cancel")
    with pytest.raises(CaseError, match="sudah ditutup"):
        draft_planned(desk.area, desk.case, SERVICE)


# ---- what the sending needs ----


def test_a_case_is_sent_on_by_a_referral_that_was_sent(desk: Desk) -> None:
    assert blocked(desk) == "Rujukan ke Dinas Sosial belum dikirim."
    assert desk.file.to_refer
    assert desk.listed() == ["Rujukan ke Dinas Sosial belum dikirim."]
    draft_planned(desk.area, desk.case, SERVICE)
    commit()
    with pytest.raises(CaseError, match="belum dikirim"):
        desk.take("send")
    db.session.rollback()
    desk.refer()
    assert blocked(desk) is None
    assert not desk.file.to_refer
    desk.take("send")
    assert desk.case.state == "sent"


def test_behind_the_step_that_needs_it_it_goes_out_again(desk: Desk) -> None:
    case = make_case(desk.area, SERVICE, make_person(desk.area.id, "Odah Saodah"), place="RSUD")
    other = Desk(desk.area, case.id)
    settle_papers(case, SERVICE)
    other.take("handle")
    referral = other.refer()
    other.take("send")
    assert other.reply(referral, "return").state == "returned"
    assert other.refer().state == "sent"  # behind that step it goes again, as often as it comes back


def test_of_a_case_just_registered_it_goes_out_unless_a_plugin_objects(desk: Desk) -> None:
    case = make_case(desk.area, SERVICE, make_person(desk.area.id, "Odah Saodah"), place="RSUD")
    other = Desk(desk.area, case.id)
    with (
        patch("core.plugins.dispatch.VillageHooks.decide", return_value=[Objection("tests", "Belum dibahas.")]),
        pytest.raises(ReferralError, match=r"Belum dibahas\."),
    ):
        other.refer()
    assert other.refer().state == "sent"


def test_papers_come_before_the_referral(desk: Desk) -> None:
    bare = make_case(desk.area, SERVICE, make_person(desk.area.id), place="RSUD")
    commit()
    other = Desk(desk.area, bare.id)
    other.take("handle")
    assert (blocked(other) or "").startswith("Belum ada: KTP")
    assert not other.file.to_refer


def test_one_to_somebody_else_is_not_the_planned_one(desk: Desk) -> None:
    hospital = register(AreaCode.parse(DISTRICT).id, OrganisationInput("RSUD Leuwiliang", "government", "hospital"))
    plan = PlannedReferral(to="hospital", kind="programme", ask=ask)
    referral = draft_planned(desk.area, desk.case, service(referral=plan))
    send(desk.area, referral, desk.case)
    commit()
    assert referral.organisation_id == hospital.id
    assert blocked(desk) == "Rujukan ke Dinas Sosial belum dikirim."
    referral = desk.reply(referral, "accept", "finish")
    assert desk.file.proposed is None


def test_taken_back_sent_back_or_refused_it_has_to_be_sent_again(desk: Desk) -> None:
    referral = desk.refer()
    recall(desk.area, referral, desk.case, "Salah isi")
    commit()
    assert blocked(desk) == "Rujukan ke Dinas Sosial dikembalikan: lengkapi, lalu kirim lagi."
    again = desk.refer()
    assert again.id == referral.id
    again = desk.reply(again, "accept", "refuse")
    assert blocked(desk) == "Rujukan ke Dinas Sosial belum dikirim."
    assert desk.refer().id != referral.id
    assert blocked(desk) is None


# ---- the answer ----


@pytest.mark.parametrize(("word", "step"), [("finish", "recommended"), ("refuse", "reject")])
def test_the_answer_proposes_its_step(desk: Desk, word: str, step: str) -> None:
    referral = desk.refer()
    desk.take("send")
    assert desk.file.proposed is None
    assert desk.listed() == []
    referral = desk.reply(referral, "accept", word)
    file = desk.file
    assert file.proposed is not None
    assert file.main_step is file.proposed or file.main_step == file.proposed
    assert file.proposed.transition.key == step
    assert desk.listed() == ["Dinas Sosial Kabupaten Bogor sudah menjawab: catat hasilnya"]
    desk.take(step)
    assert desk.file.proposed is None


def test_the_case_is_due_when_the_answer_has_to_be_told(desk: Desk) -> None:
    referral = desk.refer()
    desk.take("send")
    waited = desk.case.due_on
    referral = desk.reply(referral, "accept")
    assert desk.case.due_on == waited
    referral = desk.reply(referral, "finish")
    assert desk.case.due_on == referral.due_on < waited


def test_one_that_came_back_is_the_desks_turn(desk: Desk) -> None:
    referral = desk.refer()
    desk.take("send")
    referral = desk.reply(referral, "return")
    assert desk.listed() == ["Rujukan ke Dinas Sosial dikembalikan: lengkapi, lalu kirim lagi."]
    assert desk.file.to_refer
    desk.refer()
    assert desk.listed() == []


def test_the_words_of_the_answer_name_who_said_it_and_where_it_can_be_checked(desk: Desk) -> None:
    referral = desk.refer()
    with pytest.raises(ValueError, match="not answered"):
        reply_of(referral, desk.area.timezone)
    referral = desk.reply(referral, "accept", "finish")
    reply = reply_of(referral, desk.area.timezone)
    assert reply.on == today(desk.area.timezone)
    assert reply.outcome == "Direkomendasikan."
    number = referral.number
    assert reply.note == f"Dinas Sosial Kabupaten Bogor, rujukan {number}: Direkomendasikan. Bukti: Surat 460/77."


# ---- told ----


def test_telling_at_the_end_closes_what_was_answered_and_nothing_else(desk: Desk) -> None:
    answered = desk.refer()
    desk.take("send")
    answered = desk.reply(answered, "accept", "finish")
    pending_plan = PlannedReferral(to="kecamatan", kind="programme", ask=ask)
    pending = draft_planned(desk.area, desk.case, service(referral=pending_plan))
    send(desk.area, pending, desk.case)
    desk.take("recommended", "approve")
    assert answered.state == "done"
    desk.take("tell", how="visit")
    assert (desk.case.state, answered.state, pending.state) == ("done", "told", "sent")


def test_telling_with_the_news_closes_it_at_once(desk: Desk) -> None:
    referral = desk.refer()
    desk.take("send")
    referral = desk.reply(referral, "accept", "finish")
    desk.take("recommended", how="phone")
    assert referral.state == "told"
    assert desk.file.planned is not None
    assert desk.file.is_referred, "a granted referral that was told is still one that was granted"


def test_one_that_was_told_on_its_own_page_still_brings_its_step(desk: Desk) -> None:
    referral = desk.refer()
    desk.take("send")
    referral = desk.reply(referral, "accept", "finish")
    tell(desk.area, referral, desk.case, how="desk", on=today())
    commit()
    assert desk.file.proposed is not None
    desk.take("recommended", "approve")
    desk.take("tell", how="desk")
    assert desk.case.state == "done"


def test_nobody_is_told_before_there_was_a_referral(desk: Desk) -> None:
    referral = desk.refer()
    desk.take("send")
    referral = desk.reply(referral, "accept", "finish")
    desk.take("recommended", "approve")
    before = progress.Answer("", "", date(2026, 1, 5), "desk")
    with pytest.raises(CaseError, match="sebelum rujukan dikirim"):
        progress.take_step(desk.area, desk.case, SERVICE, "tell", MAY, before)
    db.session.rollback()
    assert (desk.case.state, referral.state) == ("approved", "done")


@pytest.mark.parametrize(
    ("how", "on", "message"),
    [
        ("", today(), "Pilih bagaimana"),
        ("pigeon", today(), "Pilih bagaimana"),
        ("desk", None, "Isi tanggalnya"),
        ("desk", today() + timedelta(days=2), "belum tiba"),
    ],
)
def test_how_and_when_must_be_known(desk: Desk, how: str, on: date | None, message: str) -> None:
    desk.refer()
    desk.take("send", "approve")
    with pytest.raises(CaseError, match=message):
        progress.take_step(desk.area, desk.case, SERVICE, "tell", MAY, progress.Answer("", "", on, how))


# ---- the resident, the officer ----


def test_what_others_decide_is_promised_to_nobody(desk: Desk) -> None:
    digits = (desk.case.person.nik or "")[-4:]
    status = find_status(desk.area.id, desk.case.ticket, digits)
    assert status
    assert status.due_on == desk.case.due_on
    desk.refer()
    desk.take("send")
    status = find_status(desk.area.id, desk.case.ticket, digits)
    assert status
    assert (status.due_on, status.waits_for) == (None, "keputusan pihak luar")


def test_an_urgent_case_is_to_be_answered_by_the_next_working_day(app: Flask, desk: Desk) -> None:
    desk.case.priority = "urgent"
    commit()
    referral = desk.refer()
    assert referral.shared["urgent"] is True
    assert (referral.due_on - today(desk.area.timezone)).days <= 4
    referral = desk.reply(referral, "accept", "finish")
    with at(app, VILLAGE):
        assert "urgent" in db.session.get_one(Referral, (desk.area.id, referral.id)).shared


def test_a_list_asks_once_for_the_referrals_of_all_its_cases(desk: Desk) -> None:
    with counted() as alone:
        desk.listed("open")
    for number in range(8):
        case = make_case(desk.area, SERVICE, make_person(desk.area.id, f"Warga {number}"), place="RSUD")
        settle_papers(case, SERVICE)
        commit()
        other = Desk(desk.area, case.id)
        other.take("handle")
        other.refer()
    with counted() as many:
        desk.listed("open")
    assert len(many) == len(alone)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are run meanwhile, the setting of the scope left out."""
    db.session.expire_all()
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "set_config" not in statement and "SET LOCAL" not in statement:
            found.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
