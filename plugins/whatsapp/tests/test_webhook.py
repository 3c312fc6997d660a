"""What Meta tells: signed, late, twice, out of order; and a resident who wants no more of it."""

import hashlib
import hmac
from uuid import UUID

import pytest

from core.testing import SIBLING, VILLAGE, Clock, SignInAs

from .conftest import DISTRICT, HOOK, PHONE, SECRET, VERIFY, District


def sent(bogor: District) -> tuple[UUID, str]:
    id = bogor.queue(bogor.agreed())
    bogor.deliver(id)
    return id, bogor.message(id).wamid


def test_meta_is_answered_with_its_challenge_only_for_the_districts_word(bogor: District) -> None:
    visitor = bogor.app.test_client()
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}
    answer = visitor.get(HOOK, query_string=asked)
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "1158201444", "text/plain")
    assert visitor.get(HOOK, query_string={**asked, "hub.verify_token": "x"}).status_code == 403
    assert visitor.get(HOOK, query_string={**asked, "hub.mode": "unsubscribe"}).status_code == 403
    assert visitor.get(HOOK).status_code == 403
    assert visitor.get(f"/{DISTRICT}.15/whatsapp/webhook", query_string=asked).status_code == 404


def test_what_is_not_signed_by_the_app_is_refused_and_counted(bogor: District, clock: Clock) -> None:
    id, wamid = sent(bogor)
    visitor = bogor.app.test_client()
    assert bogor.tell({}, secret="w" * 32).status_code == 403
    assert visitor.post(HOOK, data=b"{}").status_code == 403
    for header in ("sha256=", "sha1=abc", "sha256=é", "x" * 5000):
        assert visitor.post(HOOK, data=b"{}", headers={"X-Hub-Signature-256": header}).status_code == 403
    assert bogor.message(id).state == "sent"
    assert bogor.status(wamid, "delivered").status_code == 200
    assert bogor.status("wamid.UNKNOWN", "delivered").status_code == 200
    page = bogor.admin.get(f"/{DISTRICT}/whatsapp/").text
    assert "2 diterima, 6 ditolak, 1 tidak dikenal" in page
    assert bogor.tell({}, body=b"no json").status_code == 400


@pytest.mark.parametrize(
    "body", [b"[]", b"null", b'{"entry": 3}', b'{"entry": [{"changes": [{"value": {"statuses": [1, {"id": 2}]}}]}]}']
)
def test_a_signed_body_of_another_shape_changes_nothing(bogor: District, body: bytes) -> None:
    assert bogor.tell({}, body=body).status_code == 200


def test_states_never_go_back_and_each_counts_once(bogor: District, clock: Clock) -> None:
    id, wamid = sent(bogor)
    for state, moment in (("read", 1762916300), ("delivered", 1762916200), ("sent", 1762916100), ("read", 1762916400)):
        assert bogor.status(wamid, state, moment).status_code == 200
    row = bogor.message(id)
    assert row.state == "read"
    assert [int(at.timestamp()) for at in (row.delivered_at, row.read_at)] == [1762916300, 1762916300]
    version = row.version
    errors = [{"code": 131026, "title": "Message undeliverable", "error_data": {"details": "…"}}]
    assert bogor.status(wamid, "failed", errors=errors).status_code == 200
    assert bogor.status(wamid, "read", 1762916300).status_code == 200
    assert (bogor.message(id).state, bogor.message(id).version) == ("read", version)


def test_a_failure_that_meta_tells_later_says_why(bogor: District, clock: Clock) -> None:
    id, wamid = sent(bogor)
    errors = [{"code": 131049, "title": "…", "message": "…", "error_data": {"details": "…"}}]
    bogor.status(wamid, "failed", errors=errors)
    row = bogor.message(id)
    assert (row.state, row.reason, row.error_code) == ("failed", "refused", 131049)
    bogor.status(wamid, "sent")
    assert bogor.message(id).state == "failed"
    bogor.status(wamid, "delivered")  # on a second device
    assert (bogor.message(id).state, bogor.message(id).failed_at) == ("delivered", None)


@pytest.mark.parametrize("word", ["BERHENTI", "stop", " Stop. "])
def test_a_stop_holds_at_once_also_for_what_waits_and_in_every_village(
    bogor: District, clock: Clock, word: str
) -> None:
    person, neighbour = bogor.agreed(), bogor.agreed("Enok Sumarni", code=SIBLING)
    waiting, theirs = bogor.queue(person), bogor.queue(neighbour, SIBLING)
    other = bogor.queue(bogor.agreed("Dedi", "6281200000009"))
    assert bogor.write(word).status_code == 200
    for id, code in ((waiting, VILLAGE), (theirs, SIBLING)):
        assert (bogor.message(id, code).state, bogor.message(id, code).reason) == ("cancelled", "stopped")
        bogor.deliver(id, code)
    assert bogor.graph.requests == []
    assert bogor.message(other).state == "waiting"
    (consent,) = bogor.ask("SELECT * FROM whatsapp_consents WHERE phone = :phone", phone=PHONE)
    assert consent.stopped_how == "message"


def test_a_button_stops_too_and_only_the_resident_begins_again(
    bogor: District, clock: Clock, sign_in: SignInAs
) -> None:
    person = bogor.agreed()
    desk = sign_in("village_staff")
    page = f"/{VILLAGE}/whatsapp/people/{person}"
    before = desk.get(page).text.split('name="version"')[1].split('value="')[1].split('"')[0]
    assert bogor.press("BERHENTI").status_code == 200
    form = {"phone": "0812-3456-7890", "how": "desk", "version": before}
    wish = desk.post(page, data=form)
    assert wish.status_code == 422
    assert "Nomor ini berhenti pada" in wish.text
    stale = desk.post(page, data={**form, "again": "y"})
    assert stale.status_code == 409
    assert "berubah sejak halaman dibuka" in stale.text
    now = stale.text.split('name="version"')[1].split('value="')[1].split('"')[0]
    assert desk.post(page, data={**form, "again": "y", "version": now}).status_code == 302
    bogor.write("berhenti")
    assert bogor.write("Terima kasih, Bu").status_code == 200  # not kept
    assert bogor.write("MULAI").status_code == 200
    (consent,) = bogor.ask("SELECT * FROM whatsapp_consents")
    assert (consent.stopped_at, consent.how) == (None, "message")
    deeds = bogor.ask("SELECT action FROM audit_entries WHERE action LIKE 'whatsapp.%' ORDER BY seq")
    assert [row.action.removeprefix("whatsapp.") for row in deeds] == [
        "agreed", "stopped", "agreed", "stopped", "agreed",
    ]  # fmt: skip


def test_the_signature_is_over_the_raw_body(bogor: District) -> None:
    body = '{"entry": [], "name": "Yayah é"}'.encode()
    signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    visitor = bogor.app.test_client()
    assert visitor.post(HOOK, data=body, headers={"X-Hub-Signature-256": signature}).status_code == 200
    assert visitor.post(HOOK, data=body + b" ", headers={"X-Hub-Signature-256": signature}).status_code == 403
