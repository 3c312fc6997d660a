"""Passing a referral on: the first organisation keeps its own, and the other is given no more than that one had."""

import pytest
from flask import Flask

from core.actor import Actor, acting, as_system, current_actor
from core.areas.code import AreaCode
from core.database.session import commit, db
from core.referrals.addressing import Address, in_village
from core.referrals.answering import Reply, answer
from core.referrals.errors import ReferralError
from core.referrals.forwarding import forward
from core.referrals.models import Organisation, Referral, ReferralDocument
from core.testing import VILLAGE, SignInAs, at

from .conftest import DISTRICT, Organisations, SendTo, state_of, village_url


def address(app: Flask, organisations: frozenset, referral_id: object) -> Address:
    with at(app, DISTRICT) as area:
        return Address(area, organisations, AreaCode.parse(VILLAGE), referral_id)  # pyright: ignore[reportArgumentType]


def test_it_is_passed_on_with_what_the_first_was_given_and_no_papers(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in: SignInAs
) -> None:
    sent = send_to(organisations.puskesmas, nik="full")
    to = address(app, frozenset({organisations.puskesmas}), sent)
    with at(app, DISTRICT), acting(Actor(None, "Bidan Euis")), in_village(to, for_update=True) as opened:
        hospital, school = (
            db.session.get_one(Organisation, key) for key in (organisations.hospital, organisations.school)
        )
        with pytest.raises(ReferralError):
            forward(opened, hospital, " ")
        with pytest.raises(ReferralError):
            forward(opened, opened.referral.organisation, "Sama saja.")
        onward = forward(opened, hospital, "Perlu rawat inap.", answer_days=2)
        masked = forward(opened, school, "Beasiswa adiknya.")
        assert (onward.state, onward.answer_days, onward.nik, masked.nik) == ("sent", 2, "full", "masked")
        assert onward.fields == ["age", "rt_rw", "phone"]
        assert "Perlu rawat inap." in onward.shared["note"]
        assert masked.shared["nik_full"] is False
        papers = db.session.query(ReferralDocument).filter_by(referral_id=onward.id).count()
        commit()
    assert papers == 0
    assert state_of(app, sent)[0] == "processing"
    page = sign_in("village_staff").get(village_url(sent)).text
    assert "Diteruskan ke RSUD Leuwiliang" in page
    assert "Bidan Euis" in page


def test_what_is_back_is_not_passed_on(app: Flask, organisations: Organisations, send_to: SendTo) -> None:
    sent = send_to(organisations.puskesmas)
    to = address(app, frozenset({organisations.puskesmas}), sent)
    with at(app, DISTRICT), in_village(to, for_update=True) as opened:
        answer(opened, "return", Reply(note="KTP tidak terbaca."))
        with pytest.raises(ReferralError):
            forward(opened, db.session.get_one(Organisation, organisations.hospital), "Perlu rawat inap.")


def test_a_system_answers_in_its_own_name(app: Flask, organisations: Organisations, send_to: SendTo) -> None:
    sent = send_to(organisations.puskesmas)
    to = address(app, frozenset({organisations.puskesmas}), sent)
    with at(app, DISTRICT), as_system("SIKS"), in_village(to, for_update=True) as opened:
        answer(opened, "accept", Reply())
        with pytest.raises(ReferralError):
            answer(opened, "finish", Reply(note="Aktif."))  # nowhere to check it
        answer(opened, "finish", Reply(note="Aktif.", reference="Surat 1"))
        commit()
        by = db.session.get_one(Referral, (opened.area.id, sent))
        assert (by.decision, current_actor.get().name, current_actor.get().user_id) == ("done", "SIKS", None)
