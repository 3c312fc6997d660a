"""The village's modules hear of each step of a referral once it is committed, and of what residents are to be told."""

from typing import Any

import pytest
from flask import Flask

from core.cases.models import Case
from core.database.session import commit, db
from core.notices import Notice, tell
from core.plugins.dispatch import VillageHooks
from core.referrals.drafting import find_referral
from core.referrals.sending import recall
from core.testing import VILLAGE, at

from .conftest import Organisations, SendTo

Told = list[tuple[str, Any]]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """What was emitted, by hook, with what the plugin could read of it then."""
    found: Told = []
    usual = VillageHooks.emit

    def emit(self: VillageHooks, event: str, /, **arguments: Any) -> Any:
        if event == "referral_changed":
            found.append((event, arguments["referral"].state))
        if event == "notify":
            found.append((event, arguments["notice"]))
        return usual(self, event, **arguments)

    monkeypatch.setattr(VillageHooks, "emit", emit)
    return found


def test_each_step_of_a_referral_is_told_after_it_is_committed(
    app: Flask, organisations: Organisations, send_to: SendTo, told: Told
) -> None:
    referral_id = send_to(organisations.hospital)
    assert told == [("referral_changed", "sent")]
    with at(app, VILLAGE) as area:
        referral = find_referral(area.id, referral_id)
        assert referral
        case = db.session.get_one(Case, (area.id, referral.case_id))
        recall(area, referral, case, "Salah alamat")
        assert len(told) == 1
        commit()
    assert told[1:] == [("referral_changed", "returned")]


def test_what_is_taken_back_is_told_to_nobody(app: Flask, areas: None, told: Told) -> None:
    notice = Notice(kind="alms.given", village_id=1, text="Bantuan beras dapat diambil Rabu.", reference="CBD-26-0001")
    with at(app, VILLAGE) as area:
        db.session.connection()
        tell(area, notice)
        db.session.rollback()
        db.session.connection()
        commit()
    assert told == []
    with at(app, VILLAGE) as area:
        db.session.connection()
        tell(area, notice)
        commit()
    assert told == [("notify", notice)]
