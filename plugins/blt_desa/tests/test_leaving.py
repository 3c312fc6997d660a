"""A family that withdrew leaves the open meeting's list; a module that is switched off says over what."""

from sqlalchemy import text

from core.api import db
from core.testing import VILLAGE, at
from plugins.blt_desa.leaving import note_unfinished

from .conftest import Musdes

ENTRIES = text("SELECT detail FROM audit_entries WHERE action = 'blt_desa.left_unfinished'")


def unfinished(musdes: Musdes) -> list[dict[str, int]]:
    with at(musdes.app, VILLAGE) as area:
        note_unfinished([area])
    with at(musdes.app, VILLAGE):
        return list(db.session.scalars(ENTRIES))


def candidates(musdes: Musdes) -> int:
    return sum(name in musdes.page().partition('id="candidates"')[2] for name in musdes.cases)


def test_a_family_whose_case_was_cancelled_is_not_discussed_any_more(musdes: Musdes) -> None:
    musdes.family("Enok")
    musdes.family("Odah")
    musdes.call("Enok", "Odah")
    assert musdes.step(musdes.staff, "Odah", "cancel", note="Pindah").status_code == 302
    assert candidates(musdes) == 1
    musdes.attend()
    musdes.decide(Enok="accepted")
    assert musdes.close().status_code == 302


def test_what_a_closed_meeting_decided_stays(closed: Musdes) -> None:
    before = candidates(closed)
    assert closed.step(closed.staff, "Enok Sumarni", "cancel", note="Mundur").status_code == 302
    assert candidates(closed) == before


def test_switched_off_over_candidates_it_stands_in_the_audit(musdes: Musdes) -> None:
    musdes.family("Enok")
    musdes.call("Enok")
    assert unfinished(musdes) == [{"families": 0, "candidates": 1}]


def test_where_all_is_finished_nothing_is_said(musdes: Musdes) -> None:
    musdes.family("Enok", state="handling")
    assert unfinished(musdes) == []
