"""The district's own system: what it is told, what it can report, and what nobody without the key can."""

import hmac
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.testing import SIBLING, VILLAGE, Clock, at
from plugins.slrt.addresses import AddressRefused, Unresolved, target_of
from plugins.slrt.commands import deliver
from plugins.slrt.delivering import WAITS
from plugins.slrt.delivering import deliver as deliver_now
from plugins.slrt.signing import BadSignature, check, sign

from .conftest import DISTRICT, KEY, NIK, ROOT, House, Listener

DOCS = Path(__file__).parents[3] / "docs" / "slrt.md"


def report(number: str, state: str = "accepted", delivery: str = "a-1", **more: str) -> dict[str, str]:
    return {"delivery": delivery, "number": number, "state": state, **more}


# ---- out ----


def test_each_step_is_told_with_a_signature_and_nothing_of_the_resident_but_what_was_shared(
    house: House, outside: Listener, clock: Clock
) -> None:
    assert house.set(url=outside.url).status_code == 302
    sent = house.sent()
    house.work()
    (headers, body), number = outside.heard[0], house.row(sent).number
    told = json.loads(body)
    expected = hmac.new(KEY.encode(), headers["X-Slrt-Timestamp"].encode() + b"." + body, "sha256").hexdigest()
    assert headers["X-Slrt-Signature"] == f"sha256={expected}"
    assert headers["X-Slrt-Delivery"] == told["delivery"]
    assert (told["event"], told["referral"]["number"], told["referral"]["village"]) == ("sent", number, VILLAGE)
    shared = told["referral"]["shared"]
    assert set(shared) == {"name", "age", "phone", "nik", "kind", "ask", "note"}
    assert NIK not in body.decode()  # the village let the Dinas Sosial see it, with each showing recorded: not sent
    assert shared["nik"].startswith("3201")

    house.report(report(number))
    house.report(report(number, "returned", "a-2", note="KTP tidak terbaca"))
    house.work()
    events = [json.loads(body) for _headers, body in outside.heard]
    assert [each["event"] for each in events] == ["sent", "accepted", "returned"]
    assert set(events[-1]["referral"]["shared"]) == {"name", "kind", "ask"}  # out of its hands
    house.refer(house.case(name="Enok", nik="3201155507900043"), "kecamatan")
    house.work()
    assert len(outside.heard) == 3  # what goes to others is not the Dinas Sosial's to tell
    assert all(row.state == "sent" for row in house.rows("SELECT state FROM slrt_deliveries"))
    assert house.officer.get(f"{ROOT}/deliveries").status_code == 200


def test_a_message_is_tried_again_later_each_time_and_then_by_hand(
    house: House, outside: Listener, clock: Clock
) -> None:
    house.set(url=outside.url)
    outside.answers = [500] * (len(WAITS) + 1)
    house.sent()
    house.work()
    delivery = house.ask("SELECT id FROM slrt_deliveries").id
    waits, now = [], datetime.fromisoformat("2026-11-12T10:00:00+07:00")
    for _attempt in WAITS:
        row = house.ask("SELECT * FROM slrt_deliveries")
        waits.append(row.next_at)
        with at(house.app, VILLAGE) as area:
            deliver_now(area, str(delivery))
    row = house.ask("SELECT * FROM slrt_deliveries")
    assert (row.state, row.attempts, row.status, row.next_at) == ("failed", len(WAITS) + 1, 500, None)
    # The worker's first attempt has no moved clock.
    assert [moment - now for moment in waits[1:]] == list(WAITS[1:])
    queued = house.rows("SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'jobs.later'")
    assert len(queued) == len(WAITS)
    page = house.officer.get(f"{ROOT}/deliveries?show=failed").text
    assert "sistemnya menolak (500)" in " ".join(page.split())
    address = f"{ROOT}/deliveries/{VILLAGE}/{delivery}/redo"
    assert house.desk.post(address).status_code == 404
    assert house.officer.post(f"{ROOT}/deliveries/{SIBLING}/{delivery}/redo").status_code == 404
    assert house.officer.post(f"{ROOT}/deliveries/32.02.11.2002/{delivery}/redo").status_code == 404
    assert house.officer.post(address).status_code == 302
    assert house.officer.post(address).status_code == 404  # it waits already
    house.work()
    assert house.ask("SELECT state FROM slrt_deliveries").state == "sent"
    ids = {headers["X-Slrt-Delivery"] for headers, _body in outside.heard}
    assert ids == {str(delivery)}  # so that the other side can tell that it is the same
    before = len(outside.heard)
    with at(house.app, VILLAGE) as area:
        deliver_now(area, str(delivery))  # a job that is repeated
    assert len(outside.heard) == before


@pytest.mark.parametrize(("status", "problem"), [(302, "redirect"), (400, "answer"), (401, "answer")])
def test_what_would_be_refused_again_fails_at_once_and_nobody_is_followed(
    house: House, outside: Listener, status: int, problem: str
) -> None:
    house.set(url=outside.url)
    outside.answers = [status]
    house.sent()
    house.work()
    row = house.ask("SELECT * FROM slrt_deliveries")
    assert (row.state, row.attempts, row.problem, len(outside.heard)) == ("failed", 1, problem, 1)
    with house.app.app_context():
        assert "1 pemberitahuan" in CliRunner().invoke(deliver, [DISTRICT]).output
        assert "0 pemberitahuan" in CliRunner().invoke(deliver).output
    house.work()
    assert house.ask("SELECT state FROM slrt_deliveries").state == "sent"


def test_an_address_of_our_own_network_is_refused(
    house: House, outside: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.set(url=outside.url.replace("http://127.0.0.1", "http://localhost"))
    monkeypatch.delenv("SLRT_ALLOW_PRIVATE")
    house.sent()
    house.work()
    row = house.ask("SELECT * FROM slrt_deliveries")
    assert (row.state, row.problem, outside.heard) == ("failed", "refused_address", [])
    inside = (
        "127.0.0.1",
        "10.0.0.8",
        "192.168.1.1",
        "169.254.169.254",
        "[::1]",
        "[fd00::1]",
        "[::ffff:10.0.0.8]",
        "100.64.0.1",
    )
    for place in inside:
        with pytest.raises(AddressRefused):
            target_of(f"https://{place}/x")
    for url in ("http://1.1.1.1/", "ftp://1.1.1.1/", "https://user:word@1.1.1.1/", "https:///x", "https://1.1.1.1:x/"):
        with pytest.raises(AddressRefused):
            target_of(url)
    with pytest.raises(Unresolved):
        target_of("https://no-such-host.invalid/")
    target = target_of("https://1.1.1.1:8443/slrt?x=1")
    assert (target.url, target.host, target.name) == ("https://1.1.1.1:8443/slrt?x=1", "1.1.1.1:8443", "1.1.1.1")
    for wrong in ({"url": "http://contoh.id/"}, {"url": "https://"}, {"key": "pendek"}, {"tolerance": "5"}):
        assert house.set(**wrong).status_code == 422


# ---- in ----


def test_a_referral_is_answered_by_the_system_in_its_own_name(house: House, clock: Clock) -> None:
    house.set()
    sent = house.sent()
    number = house.row(sent).number
    assert house.report(report(number.lower())).get_json() == {
        "number": number, "state": "accepted", "due_on": house.row(sent).due_on.isoformat()
    }  # fmt: skip
    assert house.report(report(number, "processing", "a-2", village=VILLAGE)).status_code == 200
    done = report(number, "done", "a-3", note="Aktif per hari ini.", reference="Surat 440/12/2026")
    first = house.report(done)
    assert (first.status_code, house.row(sent).decision, house.row(sent).outcome) == (
        200,
        "done",
        "Aktif per hari ini.",
    )
    version = house.row(sent).version
    again = house.report(done)
    assert (again.status_code, again.get_json()) == (200, first.get_json())
    assert house.row(sent).version == version
    assert len(house.rows("SELECT 1 FROM referral_events WHERE kind = 'done'")) == 1
    page = house.desk.get(f"/{VILLAGE}/referrals/{sent}").text
    assert "SIKS Bogor" in page
    assert "Surat 440/12/2026" in page
    other = house.report({**done, "note": "Lain"})
    assert (other.status_code, other.get_json()["error"]) == (409, "delivery_reused")


def test_impossible_steps_say_what_is_possible_and_change_nothing(house: House, clock: Clock) -> None:
    house.set()
    sent = house.sent()
    number = house.row(sent).number
    early = house.report(report(number, "done", note="x", reference="y"))
    assert (early.status_code, early.get_json()["possible"]) == (409, ["accepted", "returned"])
    house.report(report(number, delivery="a-2"))
    same = house.report(report(number, "done", note="x", reference="y"))
    assert same.status_code == 409  # the same delivery is answered the same, though it could be done now
    for delivery, wanted in (("b-1", {"note": "", "reference": "y"}), ("b-2", {"note": "x"})):
        short = house.report(report(number, "done", delivery, **wanted))
        assert (short.status_code, short.get_json()["error"]) == (422, "incomplete")
    assert house.row(sent).state == "accepted"
    unknown = ("ZZZ-R26-0001", {}), (number, {"village": SIBLING}), (number, {"village": "32.02.11.2002"})
    for place, (wrong, more) in enumerate(unknown):
        assert house.report(report(wrong, "processing", f"c-{place}", **more)).status_code == 404
    theirs = house.refer(house.case(name="Enok", nik="3201155507900043"), "kecamatan")
    assert house.report(report(house.row(theirs).number, delivery="d-1")).status_code == 404


def test_who_cannot_sign_is_not_listened_to(house: House, clock: Clock) -> None:
    sent = house.sent()
    content = report(house.row(sent).number)
    assert house.report(content).status_code == 401  # no key is set
    assert house.report(content, key="").status_code == 401
    house.set()
    for key, age in (("kunci-lain-yang-panjang", 0), (KEY, 301), (KEY, -301)):
        assert house.report(content, key=key, age=age).status_code == 401
    unsigned = house.app.test_client().post(f"{ROOT}/callback", json=content)
    assert unsigned.status_code == 401
    strange = {"X-Slrt-Timestamp": "٣" * 10, "X-Slrt-Signature": "sha256=é"}
    assert house.app.test_client().post(f"{ROOT}/callback", json=content, headers=strange).status_code == 401
    bodies = (
        b"", b"{", b"[]", b"\xff\xfe", b"[" * 5000, b'{"delivery":1}', b'{"number":"X","state":"accepted"}',
        json.dumps(report("X", "burnt")).encode(), json.dumps(report("X", village="32.99")).encode(),
        json.dumps(report("", "accepted")).encode(), json.dumps(report("X", note="\ud800")).encode(),
        json.dumps(report("X", note="a\0b")).encode(), json.dumps(report("X", note="x" * 3000)).encode(),
    )  # fmt: skip
    for body in bodies:
        assert house.report(None, body=body).status_code == 400, body
    assert house.report(None, body=b" " * 30_000).status_code == 413
    assert house.row(sent).state == "sent"
    assert house.report(content, age=299).status_code == 200


def test_the_signature_is_checked_over_timestamp_and_body() -> None:
    moment = datetime(2026, 11, 12, 3, 0, tzinfo=UTC)
    stamp = str(int(moment.timestamp()))
    good = sign(KEY, stamp, b"{}")
    check(KEY, stamp, good, b"{}", now=moment, tolerance=300)
    for key, timestamp, body in (
        (KEY, stamp, b"{ }"),
        (KEY, str(int(stamp) + 1), b"{}"),
        ("other", stamp, b"{}"),
        (None, stamp, b"{}"),
    ):
        with pytest.raises(BadSignature):
            check(key, timestamp, good, body, now=moment, tolerance=300)


def test_the_worked_example_of_the_documentation_is_right() -> None:
    page = DOCS.read_text(encoding="utf-8")
    blocks = re.findall(r"```(\w*)\n(.*?)```", page, re.DOTALL)
    example = next(body for kind, body in blocks if kind == "text")
    said = dict(line.split(": ", 1) for line in example.strip().splitlines())
    assert sign(said["key"], said["timestamp"], said["body"].encode()) == said["signature"]
    for kind, body in blocks:
        if kind == "json":
            json.loads(body)


def test_the_documented_message_has_the_shape_that_goes_out(house: House, outside: Listener, clock: Clock) -> None:
    house.set(url=outside.url)
    house.sent()
    house.work()
    told = json.loads(outside.heard[0][1])
    documented = json.loads(next(iter(re.findall(r"```json\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL))))
    assert list(told) == list(documented)
    assert list(told["referral"]) == list(documented["referral"])
    assert set(told["referral"]["shared"]) <= set(documented["referral"]["shared"])
