"""What there is to tell, to whom and to whom not; the text for the group; figures, the terminal, what is blanked."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner

from core.api import Case, Notice, commit, db, find_person, offered, tell
from core.testing import VILLAGE, Clock, SignInAs, at, erase, make_case, make_person, settle_papers
from core.testing.examples import example_answers
from plugins.whatsapp import occasions
from plugins.whatsapp.commands import report, send_all
from plugins.whatsapp.group_text import FEWEST
from plugins.whatsapp.report import sections

from .conftest import DISTRICT, PHONE, District


def open_for(bogor: District, person_id: UUID, service: str) -> UUID:
    with at(bogor.app, VILLAGE) as area:
        person = find_person(area.id, person_id)
        assert person is not None
        found = offered(area)[service]
        made = make_case(area, found, person, **example_answers(found.form))
        case_id = made.id
        commit()
        return case_id


def said(bogor: District) -> list[tuple[str, list[str]]]:
    return [(row.kind, row.parameters) for row in bogor.messages()]


def test_a_case_is_told_of_by_its_ticket_alone(bogor: District, clock: Clock) -> None:
    case_id = open_for(bogor, bogor.agreed(), "sktm.letter")
    open_for(bogor, _silent(bogor), "sktm.letter")
    (case,) = bogor.ask("SELECT ticket FROM cases WHERE id = :id", id=case_id)
    assert said(bogor) == [("case.opened", ["Desa Cibadak", case.ticket])]
    (row,) = bogor.messages()
    assert row.text == f"Kabar dari Desa Cibadak: permohonan {case.ticket} sudah kami catat."
    told = f"{row.text} {row.parameters}"
    assert not re.search(r"SKTM|miskin|Enok|\d{16}", told)


def test_only_what_the_district_chose_is_told_and_a_restricted_case_never(bogor: District, clock: Clock) -> None:
    person = bogor.agreed()
    restricted = open_for(bogor, person, "atensi.elderly")
    bogor.set(case_events=["changed"], changed_states="handling")
    quiet = open_for(bogor, person, "sktm.letter")
    with at(bogor.app, VILLAGE):
        for case_id, state in ((quiet, "registered"), (quiet, "handling"), (restricted, "handling")):
            case = db.session.get_one(Case, (3201152008, case_id))
            case.state = state
            occasions.tell_of_case(case, "changed")
    assert [kind for kind, _values in said(bogor)] == ["case.changed"]
    ticket = bogor.ask("SELECT ticket FROM cases WHERE id = :id", id=restricted)[0].ticket
    hear(bogor, kind="queue.booked", person_id=person, reference=ticket)
    assert len(said(bogor)) == 1


def hear(bogor: District, **values: Any) -> None:
    """Another module has something to tell."""
    with at(bogor.app, VILLAGE) as area:
        tell(area, Notice(village_id=area.id, text="Janji datang Anda dicatat.", **values))
        commit()


def test_other_modules_are_brought_to_who_agreed(bogor: District, clock: Clock) -> None:
    person = bogor.agreed()
    hear(bogor, kind="queue.booked", person_id=person, values=("Desa Cibadak", "K-7H3P"), reference="K-7H3P")
    hear(bogor, kind="feedback.invited", phone="0812 3456 7890", values=("Desa Cibadak",))
    hear(bogor, kind="queue.booked", phone="0812-9999-9999", values=("Desa Cibadak",))  # nobody agreed there
    hear(bogor, kind="queue.booked", phone="0251-111", person_id=person)  # no number, and not another one instead
    hear(bogor, kind="queue.booked", person_id=_silent(bogor))
    hear(bogor, kind="queue.missing_papers", person_id=person, values=("KTP",))  # names a paper: off from the start
    assert said(bogor) == [
        ("queue.booked", ["Desa Cibadak", "K-7H3P"]),
        ("feedback.invited", ["Desa Cibadak"]),
    ]
    assert [row.template for row in bogor.messages()] == ["puskesos_queue_booked", "puskesos_feedback_invited"]


def _silent(bogor: District) -> UUID:
    with at(bogor.app, VILLAGE) as area:
        person = make_person(area.id, "Ujang Tanpa Izin", phone="0812-7777-7777").id
        commit()
        return person


def test_missing_papers_are_reminded_of_at_most_once_in_so_many_days(bogor: District, clock: Clock) -> None:
    bogor.set(case_events=[])
    person = bogor.agreed()
    case_id = open_for(bogor, person, "sktm.letter")
    complete = open_for(bogor, person, "pip.school")
    restricted = open_for(bogor, person, "atensi.elderly")
    open_for(bogor, _silent(bogor), "sktm.letter")
    with at(bogor.app, VILLAGE) as area:
        settle_papers(db.session.get_one(Case, (area.id, complete)), offered(area)["pip.school"])
        commit()
    bogor.change("UPDATE cases SET opened_at = :then", then=clock.moment - timedelta(days=2))
    night(bogor)
    assert said(bogor) == []
    bogor.change("UPDATE cases SET opened_at = :then", then=clock.moment - timedelta(days=4))
    night(bogor)
    night(bogor)
    (row,) = bogor.messages()
    assert (row.kind, row.case_id, row.case_id != restricted) == ("case.papers", case_id, True)
    assert re.fullmatch(r"\d+", row.parameters[2])
    clock.move(days=6)
    night(bogor)
    assert len(said(bogor)) == 1
    clock.move(days=2)
    night(bogor)
    assert len(said(bogor)) == 2


def night(bogor: District) -> None:
    with at(bogor.app, VILLAGE) as area:
        occasions.nightly(area)


def test_numbers_and_words_go_after_the_set_days_and_with_the_resident(bogor: District, clock: Clock) -> None:
    person = bogor.agreed()
    old = bogor.queue(person)
    bogor.deliver(old)
    clock.move(days=91)
    waiting = bogor.queue(person)
    with at(bogor.app, VILLAGE) as area:
        from_nobody = occasions.queue(area, "queue.booked", text="Kabar", values=["x"], phone=PHONE)
        assert from_nobody is not None
        nobody = from_nobody.id
        commit()
    night(bogor)
    row = bogor.message(old)
    assert (row.phone, row.text, row.parameters, row.wamid, row.state) == (None, "", [], None, "sent")
    assert bogor.message(waiting).phone == PHONE
    with at(bogor.app, VILLAGE) as area:
        found = find_person(area.id, person)
        assert found is not None
        erase(area, person, version=found.version)
        commit()
    for id in (waiting, nobody):
        assert bogor.message(id).phone is None
        bogor.deliver(id)
        assert bogor.message(id).state == "cancelled"
    assert bogor.ask("SELECT phone FROM whatsapp_consents") == [(None,)]


def test_the_text_for_the_group_names_no_resident(bogor: District, clock: Clock, sign_in: SignInAs) -> None:
    names = ["Enok Sumarni", "Dedi Kurniawan", "Yayah Rokayah", "Asep Saepudin", "Tatang Hidayat", "Cucu Cahyati"]
    for number, name in enumerate(names):
        open_for(bogor, bogor.agreed(name, f"62812000001{number:02d}"), "sktm.letter")
    open_for(bogor, bogor.agreed("Rukmini", "6281200000199"), "atensi.elderly")
    desk = sign_in("village_staff")
    address = f"/{VILLAGE}/whatsapp/group"
    text = _text(desk.get(f"{address}?service=sktm.letter").text)
    assert "Minggu ini 6 permohonan baru dicatat." in text
    assert "Kartu Keluarga (KK)" in text
    assert len(names) > FEWEST
    secrets = {word for name in [*names, "Rukmini"] for word in (name, *name.split())}
    for row in bogor.ask(
        "SELECT p.nik, p.phone, c.ticket, h.kk_number, m.phone AS mobile FROM persons p JOIN cases c ON "
        "c.person_id = p.id JOIN households h ON h.id = p.household_id JOIN whatsapp_consents m ON m.person_id = p.id"
    ):
        secrets |= set(row)
    assert len(secrets) > 30
    page = desk.get(f"{address}?service=sktm.letter").text
    link = page.split("https://wa.me/?text=")[1].split('"')[0]
    assert not [word for word in secrets if word in text or word in link]
    assert "atensi" not in page.split("<select")[1].split("</select>")[0]
    assert "Yang dibawa" not in _text(desk.get(f"{address}?service=atensi.elderly").text)


def _text(page: str) -> str:
    return page.split("<textarea")[1].split(">", 1)[1].partition("</textarea>")[0]


def test_few_cases_are_not_counted_in_public(bogor: District, clock: Clock, sign_in: SignInAs) -> None:
    open_for(bogor, bogor.agreed(), "sktm.letter")
    assert "permohonan baru" not in sign_in("village_staff").get(f"/{VILLAGE}/whatsapp/group").text


def test_figures_add_up_and_the_terminal_sends_what_waits(bogor: District, clock: Clock, sign_in: SignInAs) -> None:
    person = bogor.agreed()
    ids = [bogor.queue(person) for _ in range(3)]
    bogor.graph.will_refuse(400, 131026)
    runner = CliRunner()
    with bogor.app.app_context():
        sent = runner.invoke(send_all, ["32.01"], catch_exceptions=False)
    assert sent.output.splitlines() == [f"{VILLAGE}  1 gagal, 2 terkirim", "1 desa"]
    bogor.status(bogor.message(ids[1]).wamid, "delivered")
    with at(bogor.app, VILLAGE) as area:
        (section,) = sections(area, clock.moment.date().replace(day=1))
    figures = {figure.key: (figure.amount, figure.of) for figure in section.figures}
    assert figures == {"whatsapp.sent": (2, None), "whatsapp.delivered": (1, 2), "whatsapp.failed": (1, None)}
    assert [str(point.text) for point in section.points] == ["1 gagal dan 0 tidak pasti."]
    with bogor.app.app_context():
        told = runner.invoke(report, [VILLAGE, "--month", "2026-11"], catch_exceptions=False)
    assert told.output.splitlines() == ["Pesan terkirim: 2", "Pesan sampai: –", "Pesan gagal: 1", "Tidak pasti: 0"]
    overview = sign_in("district_officer", "32.01").get("/32.01/").text
    assert "2 dari 1 desa" in overview


def test_the_district_tries_its_number_out(bogor: District, sign_in: SignInAs) -> None:
    form = {"phone": "0812-0000-1111", "template": "hello_world", "language": "en_US", "own": "y"}
    answer = bogor.admin.post("/32.01/whatsapp/test", data=form)
    assert "Diterima Meta" in answer.text
    assert bogor.graph.requests[0].body["template"] == {"name": "hello_world", "language": {"code": "en_US"}}
    bogor.graph.will_refuse(401, 190)
    assert "kedaluwarsa" in bogor.admin.post("/32.01/whatsapp/test", data=form).text
    assert bogor.admin.post("/32.01/whatsapp/test", data={**form, "own": ""}).status_code == 422
    assert len(bogor.graph.requests) == 2
    page = bogor.admin.get("/32.01.15/whatsapp/").text
    assert f"/{DISTRICT}/whatsapp/webhook" in page
    page += bogor.admin.get("/32.01/whatsapp/").text + bogor.admin.get("/32.01/settings/whatsapp").text
    assert not [secret for secret in ("EAAG" + "t" * 40, "s" * 32, "v" * 24) if secret in page]
    assert sign_in("district_officer", "32.01").get("/32.01/whatsapp/").status_code == 403


@pytest.mark.parametrize(
    ("values", "status"), [({"phone": "0251"}, 422), ({"how": ""}, 422), ({}, 302), ({"phone": "+60123456789"}, 302)]
)
def test_a_number_of_nobody_registered_is_written_down(
    bogor: District, sign_in: SignInAs, values: dict[str, str], status: int
) -> None:
    desk = sign_in("village_staff")
    answer = desk.post(f"/{VILLAGE}/whatsapp/consents", data={"phone": "08120000333", "how": "form", **values})
    assert answer.status_code == status, answer.text
    rows = bogor.ask("SELECT id, person_id FROM whatsapp_consents")
    assert len(rows) == (status == 302)
    if rows:
        assert desk.post(f"/{VILLAGE}/whatsapp/consents/{rows[0].id}/stop").status_code == 302
        assert "berhenti" in desk.get(f"/{VILLAGE}/whatsapp/consents?show=stopped").text
