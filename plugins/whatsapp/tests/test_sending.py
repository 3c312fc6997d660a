"""One message, once: what goes out, when, and what each answer of Meta's makes of it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from core.api import commit
from core.testing import FOREIGN, VILLAGE, Clock, SignInAs, at, run_waiting
from plugins.whatsapp import cloud_api, outbox
from plugins.whatsapp.cloud_api import Template, judge, plain
from plugins.whatsapp.phone import WrongPhone, e164, masked
from plugins.whatsapp.quiet_hours import first_moment

from .conftest import PHONE, TOKEN, District
from .fake_graph import error


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0812-3456-7890", "6281234567890"),
        ("+62 812 3456 7890", "6281234567890"),
        ("6281234567890", "6281234567890"),
        ("81234567890", "6281234567890"),
        ("+60 12-345 6789", "60123456789"),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, number: str) -> None:
    assert e164(typed) == number


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("0251-8321234", "bukan nomor ponsel"),
        ("0812345", "yang tertulis 7 angka"),
        ("08123456789012", "yang tertulis 14 angka"),
        ("nol delapan", "angka saja"),
        ("+1", "kode negara"),
        ("٠٨١٢٣٤٥٦٧٨٩٠", "angka saja"),
    ],
)
def test_what_is_no_mobile_number_says_why(typed: str, why: str, app: Any) -> None:
    with app.test_request_context(), pytest.raises(WrongPhone, match=why):
        e164(typed)
    assert masked("6281234567890") == "+62812•••••890"


def test_a_night_in_jayapura_is_not_one_in_bogor() -> None:
    """18.30 UTC is 01.30 in Bogor and 03.30 in Jayapura; 22.30 UTC is 05.30 and 07.30."""
    late = datetime(2026, 11, 12, 18, 30, tzinfo=UTC)
    assert first_moment(late, "Asia/Jakarta", 20, 7) == datetime(2026, 11, 13, 0, 0, tzinfo=UTC)
    assert first_moment(late, "Asia/Jayapura", 20, 7) == datetime(2026, 11, 12, 22, 0, tzinfo=UTC)
    dawn = datetime(2026, 11, 12, 22, 30, tzinfo=UTC)
    assert first_moment(dawn, "Asia/Jakarta", 20, 7) == datetime(2026, 11, 13, 0, 0, tzinfo=UTC)
    assert first_moment(dawn, "Asia/Jayapura", 20, 7) == dawn
    evening = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)  # 19.00 in Bogor, 21.00 in Jayapura
    assert first_moment(evening, "Asia/Jakarta", 20, 7) == evening
    assert first_moment(evening, "Asia/Jayapura", 20, 7) == datetime(2026, 11, 12, 22, 0, tzinfo=UTC)
    noon = datetime(2026, 11, 12, 5, 30, tzinfo=UTC)
    assert first_moment(noon, "Asia/Jakarta", 12, 14) == datetime(2026, 11, 12, 7, 0, tzinfo=UTC)
    assert first_moment(noon, "Asia/Jakarta", 9, 9) == noon


@pytest.mark.parametrize(
    ("status", "body", "headers", "kind", "reason"),
    [
        (400, error(130429), {}, "retry", "rate"),
        (400, error(131048), {}, "retry", "spam"),
        (400, error(131056), {}, "retry", "rate"),
        (400, error(80007), {}, "retry", "rate"),
        (500, error(131016), {}, "retry", "busy"),
        (503, "<html>", {}, "retry", "busy"),
        (429, {}, {"Retry-After": "90"}, "retry", "rate"),
        (400, error(131026), {}, "final", "undeliverable"),
        (400, error(131047), {}, "final", "window"),
        (400, error(132000), {}, "final", "template"),
        (404, error(132001), {}, "final", "template"),
        (400, error(132015), {}, "final", "paused"),
        (401, error(190), {}, "final", "token"),
        (500, error(190), {}, "final", "token"),
        (403, error(200), {}, "final", "token"),
        (400, error(131042), {}, "final", "account"),
        (400, error(100), {}, "final", "broken"),
        (401, "", {}, "final", "token"),
        (400, [], {}, "final", "broken"),
        (200, {"messages": []}, {}, "unclear", "no_answer"),
        (200, "not json", {}, "unclear", "no_answer"),
        (200, {"messages": [{"id": "wamid.A"}]}, {}, "accepted", ""),
    ],
)
def test_each_answer_of_meta_has_its_meaning(
    status: int, body: Any, headers: dict[str, str], kind: str, reason: str
) -> None:
    sent = body if isinstance(body, str) else json.dumps(body)
    outcome = judge(httpx.Response(status, headers=headers, text=sent))
    assert (outcome.kind, outcome.reason) == (kind, reason)
    assert outcome.wait == (90 if headers else None)


def test_a_message_goes_out_in_the_shape_of_the_api(bogor: District, clock: Clock) -> None:
    id = bogor.queue(bogor.agreed(), values=["Desa Cibadak", "CBD-26-0001\n\tdua   baris", ""])
    bogor.deliver(id)
    (request,) = bogor.graph.requests
    assert request.path == "/v23.0/106540352242922/messages"
    assert request.token == f"Bearer {TOKEN}"
    texts = ["Desa Cibadak", "CBD-26-0001 dua baris", "–"]
    assert request.body == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": PHONE,
        "type": "template",
        "template": {
            "name": "puskesos_case_opened",
            "language": {"code": "id"},
            "components": [{"type": "body", "parameters": [{"type": "text", "text": text} for text in texts]}],
        },
        "biz_opaque_callback_data": f"3201152008/{id}",
    }
    row = bogor.message(id)
    assert (row.state, row.wamid, row.attempts) == ("sent", "wamid.HBgN000001", 1)
    bogor.deliver(id)  # the job is done again
    assert len(bogor.graph.requests) == 1
    assert Template(PHONE, "hello_world", "en_US", (), "test").body["template"].keys() == {"name", "language"}
    assert plain("x" * 5000) == "x" * 1024


def test_a_mapped_template_goes_out_by_its_own_name(bogor: District, clock: Clock) -> None:
    bogor.set(templates="queue.booked = janji_datang\ncase.opened = kasus_baru")
    bogor.deliver(bogor.queue(bogor.agreed()))
    assert bogor.graph.requests[0].body["template"]["name"] == "kasus_baru"


def test_what_can_be_tried_again_is_with_longer_waits_and_fails_in_the_end(bogor: District, clock: Clock) -> None:
    id = bogor.queue(bogor.agreed())
    bogor.graph.will_refuse(400, 130429)
    bogor.deliver(id)
    row = bogor.message(id)
    assert (row.state, row.reason, row.error_code) == ("waiting", "rate", 130429)
    assert row.send_at == clock.moment + timedelta(minutes=1)
    clock.move(minutes=1, seconds=1)
    bogor.graph.will_answer(503, "<html>", Retry_After="1200")
    bogor.deliver(id)
    assert bogor.message(id).send_at == clock.moment + timedelta(minutes=20)  # Meta's own wish is longer than five
    clock.move(minutes=20)
    bogor.graph.will_refuse(500, 131016)
    bogor.deliver(id)
    row = bogor.message(id)
    assert (row.state, row.reason, row.attempts, row.trace) == ("failed", "busy", 3, "Az8or2yhqkZfEZ-_4Qn_Bam")
    bogor.deliver(id)
    assert len(bogor.graph.requests) == 3


def test_what_is_final_is_not_tried_again_and_the_desk_is_told(
    bogor: District, clock: Clock, sign_in: SignInAs
) -> None:
    id = bogor.queue(bogor.agreed(), reference="CBD-26-0001")
    bogor.graph.will_refuse(400, 131026)
    bogor.deliver(id)
    assert bogor.message(id).state == "failed"
    desk = sign_in("village_staff")
    assert "1 pesan gagal." in desk.get(f"/{VILLAGE}/").text
    page = desk.get(f"/{VILLAGE}/whatsapp/?show=unanswered").text
    assert "tidak memakai WhatsApp" in page
    assert "Kode Meta 131026" in page
    assert "+62812•••••890" in page
    assert PHONE not in page
    version = bogor.message(id).version
    assert desk.post(f"/{VILLAGE}/whatsapp/{id}/resend", data={"version": version - 1}).status_code == 409
    assert desk.post(f"/{VILLAGE}/whatsapp/{id}/resend", data={"version": version}).status_code == 302
    assert [row.state for row in bogor.messages()] == ["failed", "waiting"]
    late = desk.post(f"/{VILLAGE}/whatsapp/{id}/handled", data={"version": bogor.message(id).version})
    assert late.status_code == 409
    assert "sudah ditangani petugas lain" in late.text
    assert "1 pesan gagal." not in desk.get(f"/{VILLAGE}/").text


def test_a_line_that_is_down_is_tried_again_and_an_answer_that_never_came_is_not(
    bogor: District, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = bogor.queue(bogor.agreed())
    monkeypatch.setenv(cloud_api.OVERRIDE, "http://127.0.0.1:1")
    bogor.deliver(id)
    assert (bogor.message(id).state, bogor.message(id).reason) == ("waiting", "unreachable")
    monkeypatch.setenv(cloud_api.OVERRIDE, bogor.graph.url)
    monkeypatch.setattr(cloud_api, "TIMEOUT", httpx.Timeout(0.2, connect=5))
    bogor.graph.will_answer(200, {}, delay=0.6)
    clock.move(minutes=5)
    bogor.deliver(id)
    assert (bogor.message(id).state, bogor.message(id).reason) == ("unclear", "no_answer")
    bogor.deliver(id)
    assert len(bogor.graph.requests) == 1
    # Meta tells later that it had taken it: the key that the request carried says which one it is.
    assert bogor.status("wamid.LATE", "delivered", biz_opaque_callback_data=f"3201152008/{id}").status_code == 200
    assert (bogor.message(id).state, bogor.message(id).wamid) == ("delivered", "wamid.LATE")


def test_a_job_that_died_after_the_post_does_not_send_twice(
    bogor: District, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = bogor.queue(bogor.agreed())

    def die(*_given: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "_note", die)
        with pytest.raises(SystemExit):
            bogor.deliver(id)
    assert bogor.message(id).state == "sending"
    assert len(bogor.graph.requests) == 1
    bogor.deliver(id)  # another process may still be at it
    assert bogor.message(id).state == "sending"
    clock.move(minutes=3)
    bogor.deliver(id)
    assert (bogor.message(id).state, bogor.message(id).reason) == ("unclear", "died")
    assert len(bogor.graph.requests) == 1


def test_no_more_than_so_many_a_minute(bogor: District, clock: Clock) -> None:
    bogor.set(per_minute="2")
    person = bogor.agreed()
    ids = [bogor.queue(person) for _ in range(3)]
    for id in ids:
        bogor.deliver(id)
    assert [bogor.message(id).state for id in ids] == ["sent", "sent", "waiting"]
    assert bogor.message(ids[2]).send_at == clock.moment + timedelta(minutes=1)
    clock.move(seconds=61)
    bogor.deliver(ids[2])
    assert bogor.message(ids[2]).state == "sent"


def test_a_message_made_at_night_goes_out_in_the_morning(bogor: District, clock: Clock) -> None:
    clock.set(datetime(2026, 11, 12, 14, 0, tzinfo=UTC))  # 21.00 in Cibadak
    id = bogor.queue(bogor.agreed())
    morning = datetime(2026, 11, 13, 0, 0, tzinfo=UTC)
    assert bogor.message(id).send_at == morning
    bogor.deliver(id)
    assert bogor.graph.requests == []
    clock.set(morning)
    bogor.deliver(id)
    assert len(bogor.graph.requests) == 1


def test_the_worker_sends_what_a_page_has_asked_for(bogor: District) -> None:
    bogor.set(quiet_from="0", quiet_to="0")
    person = bogor.agreed()
    first, second = bogor.queue(person), bogor.queue(person)
    bogor.change("UPDATE whatsapp_messages SET state = 'sending', claimed_at = now() WHERE id = :id", id=second)
    run_waiting(bogor.app)
    assert (bogor.message(first).state, bogor.message(second).state) == ("sent", "sending")
    assert len(bogor.graph.requests) == 1


def test_nothing_is_made_without_a_number_of_the_district_without_consent_or_with_a_nik(
    bogor: District, clock: Clock
) -> None:
    person = bogor.agreed()
    with at(bogor.app, VILLAGE) as area:
        assert outbox.queue(area, "case.opened", text="Kabar", values=["3201155507900001"], person_id=person) is None
        assert outbox.queue(area, "case.opened", text="Kabar", values=[], phone="6281999999999") is None
        assert outbox.queue(area, "case.opened", text="Kabar", values=[]) is None
        commit()
    with at(bogor.app, FOREIGN) as area:  # of another district, which has none
        assert outbox.queue(area, "case.opened", text="Kabar", values=[], person_id=person) is None
    bogor.set(phone_number_id="")
    with at(bogor.app, VILLAGE) as area:
        assert outbox.queue(area, "case.opened", text="Kabar", values=[], person_id=person) is None
    assert bogor.messages() == []
