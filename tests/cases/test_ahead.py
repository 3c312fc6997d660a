"""Papers checked before the day: ticked off at home, and the clerk reads who looked and what is missing."""

import pytest

from core.cases.ahead import check_ahead, checked_ahead, missing_papers
from core.cases.checklist import checklist
from core.cases.errors import CaseError
from core.cases.events import describe
from core.cases.models import CaseEvent
from core.database.session import db
from core.testing import make_person


def test_what_was_seen_is_ticked_off_and_the_rest_is_told(village, desk) -> None:
    case = desk.open(village, make_person(village.id))
    wanted = [paper.key for paper in missing_papers([case])[case.id]]
    assert len(wanted) > 1
    left = check_ahead(case, wanted[:1], "KK menyusul Rabu")
    assert {paper.key for paper in left} == {*wanted[1:]}
    [row] = [item for item in checklist(case, desk.service) if item.requirement.key == wanted[0]]
    assert row.settled
    found = checked_ahead(village.id, [case.id])[case.id]
    assert (set(found.missing), found.note) == ({*wanted[1:]}, "KK menyusul Rabu")
    event = db.session.query(CaseEvent).filter_by(case_id=case.id, kind="papers_checked").one()
    assert "masih kurang" in describe(event, desk.service)


def test_the_last_check_counts_and_one_that_finds_all_says_so(village, desk) -> None:
    case = desk.open(village, make_person(village.id))
    check_ahead(case, [])
    everything = [item.requirement.key for item in checklist(case, desk.service)]
    assert check_ahead(case, everything) == []
    assert checked_ahead(village.id, [case.id])[case.id].missing == ()
    assert missing_papers([case]) == {case.id: []}


def test_a_paper_that_the_case_does_not_ask_for_is_refused(village, desk) -> None:
    case = desk.open(village, make_person(village.id))
    with pytest.raises(CaseError, match="tidak meminta"):
        check_ahead(case, ["sim_c"])


def test_nothing_is_asked_where_there_is_no_case(village) -> None:
    assert missing_papers([]) == {}
    assert checked_ahead(village.id, []) == {}
