"""Rating a finished case: by phone, at the tablet, on paper; once; and so that nobody can tell whose marks they are."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from core.api import Case, commit, db
from core.testing import FOREIGN, SIBLING, VILLAGE, SignInAs, at, erase, personal_data
from plugins.feedback import inviting
from plugins.feedback.models import ELEMENTS, FeedbackRated

from .conftest import THREES, Desk, url


def test_a_finished_case_is_rated_once_with_its_code(desk: Desk) -> None:
    case_id = desk.finished()
    assert "Belum dinilai" in desk.staff.get(f"/{VILLAGE}/cases/{case_id}").text
    code = desk.code(case_id)
    form = desk.stranger.get(url(f"rate?code={code.lower().replace('-', ' ')}"))
    assert form.status_code == 200
    assert "kesesuaian persyaratan pelayanan" in form.text
    assert "Berfungsi kurang maksimal" in form.text
    assert "Siti Aminah" not in form.text
    assert "CBD-" not in form.text
    assert "Terima kasih" in desk.rate(code, comment="Kursinya kurang.", sex="female").text
    again = desk.rate(code)
    assert again.status_code == 409
    assert "sudah dinilai" in again.text
    assert desk.stranger.get(url(f"rate?code={code}")).status_code == 409
    assert desk.staff.post(url("cases", case_id, "invite")).status_code == 422
    assert desk.staff.get(url("cases", case_id)).status_code == 422
    assert desk.rows("SELECT count(*) FROM feedback_answers") == [(1,)]


def test_of_many_at_once_one_is_taken_and_the_database_itself_refuses_a_second(desk: Desk) -> None:
    case_id = desk.finished()
    data = {**THREES, "code": desk.code(case_id)}
    with ThreadPoolExecutor(6) as hands:
        answers = list(hands.map(lambda _hand: desk.app.test_client().post(url("rate"), data=data), range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 5]
    assert desk.rows("SELECT count(*) FROM feedback_answers") == [(1,)]
    with at(desk.app, VILLAGE) as area:
        db.session.add(FeedbackRated(village_id=area.id, case_id=case_id))
        with pytest.raises(IntegrityError, match="uq_feedback_rated_case"):
            commit()
        db.session.rollback()


def test_nothing_leads_from_the_marks_to_the_case(desk: Desk) -> None:
    """What is kept of both: the month alone, ids that tell no time, and an audit that names no case."""
    case_id = desk.finished()
    desk.rate(desk.code(case_id), comment="Antre lama.")
    columns = desk.rows(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_name IN ('feedback_answers', 'feedback_comments', 'feedback_rated')"
    )
    found: dict[str, set[str]] = {}
    for table, column in columns:
        found.setdefault(table, set()).add(column)
    assert found["feedback_rated"] == {"village_id", "id", "case_id"}
    told = {"sex", "age_group", "education", "work"}
    assert found["feedback_answers"] == {"village_id", "id", "month", "service", "channel", *ELEMENTS, *told}
    assert "case_id" not in found["feedback_comments"]
    for table in ("answers", "comments", "rated"):
        assert desk.rows(f"SELECT substr(id::text, 15, 1) FROM feedback_{table}") == [("4",)]  # noqa: S608
    assert desk.rows("SELECT month FROM feedback_answers") == [(date(2026, 11, 1),)]
    audit = desk.rows("SELECT object_id, address, detail::text FROM audit_entries WHERE action = 'feedback.taken'")
    assert audit == [("2026-11", None, '{"channel":"qr"}')]
    page = desk.head.get(f"/{VILLAGE}/cases/{case_id}").text
    assert "Sudah dinilai" in page


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"u9": ""}, "kesembilannya dijawab"),
        ({"u3": "5"}, "3. Bagaimana"),
        ({"u3": "0"}, "3. Bagaimana"),
        ({"u3": "tiga"}, "3. Bagaimana"),
        ({"comment": "x" * 1001}, "Komentar"),
        ({"sex": "unknown"}, "Jenis kelamin"),
        ({"website": "http://spam"}, "Kosongkan isian ini"),
    ],
)
def test_all_nine_are_needed_and_nothing_typed_is_lost(desk: Desk, said: Mapping[str, str], message: str) -> None:
    code = desk.code(desk.finished())
    answer = desk.rate(code, **{"work": "farmer", **said})
    assert answer.status_code == 422
    assert message in answer.text
    assert 'selected value="farmer"' in answer.text
    assert desk.rows("SELECT count(*) FROM feedback_rated") == [(0,)]


def test_only_a_code_that_holds_opens_the_questions(desk: Desk) -> None:
    case_id = desk.finished()
    first = desk.code(case_id)
    second = desk.code(case_id)
    wrong = [desk.rate(first), desk.rate("AAAA-AAAA"), desk.stranger.get(f"/{SIBLING}/feedback/rate?code={second}")]
    desk.change("UPDATE cases SET closed_at = NULL")
    wrong.append(desk.rate(second))
    desk.change("UPDATE cases SET closed_at = now(), readers = ARRAY['atensi.read']")
    wrong.append(desk.rate(second))
    desk.change("UPDATE cases SET readers = NULL")
    desk.clock.move(days=30)
    assert desk.stranger.get(url(f"rate?code={second}")).status_code == 200
    desk.clock.move(days=1)
    wrong.append(desk.rate(second))
    assert [answer.status_code for answer in wrong] == [404] * 6
    assert all("Kode itu tidak berlaku" in answer.text for answer in wrong)


def test_open_and_restricted_cases_are_not_asked_about(desk: Desk, sign_in: SignInAs) -> None:
    running = desk.finished(closed=False)
    assert "belum selesai" in desk.staff.get(url("cases", running)).text
    assert desk.staff.post(url("cases", running, "invite")).status_code == 422
    assert "Belum dinilai" not in desk.staff.get(f"/{VILLAGE}/cases/{running}").text
    hidden = desk.finished()
    desk.change("UPDATE cases SET readers = ARRAY['atensi.read'] WHERE id = :id", id=hidden)
    assert "dibatasi" in desk.staff.get(url("cases", hidden)).text
    assert str(hidden) not in desk.staff.get(url("waiting")).text
    for area in (SIBLING, FOREIGN):
        other = sign_in("village_head", area)
        assert other.get(f"/{area}/feedback/cases/{running}").status_code == 404
        assert other.post(f"/{area}/feedback/cases/{running}/invite").status_code == 404


def test_the_tablet_needs_no_sign_in_and_returns_to_its_start(desk: Desk) -> None:
    code = desk.code(desk.finished())
    assert 'name="kiosk"' in desk.stranger.get(url("kiosk")).text
    form = desk.stranger.get(url(f"rate?kiosk=1&code={code}"))
    assert form.headers["Refresh"].startswith("600; url=")
    assert form.headers["Cache-Control"] == "no-store"
    thanks = desk.rate(code, kiosk="1")
    assert thanks.headers["Refresh"] == f"15; url={url('kiosk')}"
    assert "Refresh" not in desk.stranger.get(url(f"rate?code={code}")).headers
    assert desk.rows("SELECT channel FROM feedback_answers") == [("kiosk",)]


def test_the_clerk_types_in_what_was_filled_in_by_hand(desk: Desk) -> None:
    case_id = desk.finished()
    page = url("cases", case_id, "paper")
    assert desk.staff.post(page, data={**THREES, "u1": ""}).status_code == 422
    assert desk.staff.post(page, data=THREES).status_code == 302
    assert desk.staff.post(page, data=THREES).status_code == 422
    assert desk.rows("SELECT channel FROM feedback_answers") == [("clerk",)]
    assert desk.rows("SELECT detail ->> 'channel' FROM audit_entries WHERE action = 'feedback.taken'") == [("clerk",)]


def test_a_ticket_leads_to_its_case_and_what_is_rated_is_off_the_list(desk: Desk) -> None:
    case_id, other = desk.finished(), desk.finished()
    ticket = desk.rows("SELECT ticket FROM cases WHERE id = :id", id=case_id)[0][0]
    assert desk.staff.get(url(f"waiting?ticket={ticket.lower()}")).headers["Location"].endswith(str(case_id))
    assert desk.staff.get(url("waiting?ticket=CBD-99-9999")).status_code == 404
    desk.rate(desk.code(case_id))
    page = desk.staff.get(url("waiting")).text
    assert str(other) in page
    assert str(case_id) not in page
    assert "Siti Aminah" not in page


def test_a_finished_case_is_told_where_the_village_wants_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    monkeypatch.setattr(inviting, "tell", lambda _area, notice: told.append(notice))

    def close(case_id) -> None:
        with at(desk.app, VILLAGE) as area:
            inviting.invite_when_closed(db.session.get_one(Case, (area.id, case_id)))

    case_id = desk.finished()
    close(case_id)
    assert told == []
    desk.set(desk.head, invite="y", publish="y")
    close(case_id)
    [notice] = told
    ticket, address = notice.values
    assert (notice.kind, notice.reference) == ("feedback.invited", ticket)
    assert address in notice.text
    assert "3201" not in notice.text.replace(address, "")
    code = address.rpartition("=")[2]
    assert "Terima kasih" in desk.rate(code).text
    close(case_id)
    assert len(told) == 1


def test_an_erased_resident_leaves_the_marks_which_nobody_could_find(desk: Desk) -> None:
    case_id = desk.finished()
    desk.rate(desk.code(case_id))
    with at(desk.app, VILLAGE) as area:
        person = db.session.get_one(Case, (area.id, case_id)).person
        copy = str(personal_data(area, person))
        assert "u1" not in copy
        erase(area, person.id, version=person.version)
        commit()
    assert desk.rows("SELECT u1, u9 FROM feedback_answers") == [(3, 3)]


def test_an_address_cannot_guess_codes_for_long(desk: Desk, limited: Flask) -> None:
    client = limited.test_client()
    guesses = [client.get(url(f"rate?code=AAAA{place:04d}")).status_code for place in range(21)]
    assert guesses == [404] * 20 + [429]
