"""From what was found at a door to the answer that the field worker reads; and the month's counts."""

from datetime import date
from io import BytesIO

from click.testing import CliRunner
from flask import Flask
from python_calamine import CalamineWorkbook

from core.api import Intake, commit, find_person, offered, open_case, report_of
from core.testing import VILLAGE, Clock, SignInAs, at
from plugins.kader.commands import report
from plugins.kader.personal_data import erase_around, told_of_household, unfinished

from .conftest import HOME, Field, url

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"


def test_a_finding_is_read_answered_and_the_field_worker_sees_it(field: Field, sign_in: SignInAs) -> None:
    photo = (BytesIO(PNG), "rumah.png")
    id = field.find(name="Pak Ujang", urgent="y", photo=photo, position="-6.5, 106.7 ±9 m")
    assert field.ask("SELECT answer_by::text AS day FROM kader_findings").day == "2026-11-13"  # urgent: a working day
    again = field.kader.post(url("findings/new"), data={"draft": str(id), "kind": "sick", "place": "x"})
    assert again.location.endswith(str(id))
    assert field.ask("SELECT count(*) AS n FROM kader_findings").n == 1
    page = field.kader.get(url("findings", id)).text
    assert "Belum dibaca petugas" in page
    assert f"/{VILLAGE}/emergency/call" in page
    assert f'data-taken="{id}"' in page
    other = sign_in("field_worker", name="Dedi")
    assert other.get(url("findings", id)).status_code == 404
    assert other.get(url("findings", id, "photo")).status_code == 404
    with field.kader.get(url("findings", id, "photo")) as answer:
        assert answer.mimetype == "image/png"
    assert "1 belum dibaca" in field.desk.get(HOME).text
    assert "Pak Ujang" in field.desk.get(f"/{VILLAGE}/search?q=ujang").text
    assert "Pak Ujang" not in other.get(f"/{VILLAGE}/search?q=ujang").text
    assert field.do(id, "seen").status_code == 302
    assert "Dibaca Siti" in field.kader.get(url("findings", id)).text
    stale = field.do(id, "answer", version="1", answer="Sudah ditangani bidan")
    assert stale.status_code == 409
    assert "Sudah ditangani bidan" in stale.text  # nothing typed is lost
    assert field.do(id, "answer", answer="").status_code == 422
    assert field.kader.post(url("findings", id, "answer"), data={}).status_code == 403
    assert field.do(id, "answer", answer="Sudah ditangani bidan").status_code == 302
    assert "Sudah ditangani bidan" in field.kader.get(url("findings", id)).text
    assert field.do(id, "answer", answer="Sekali lagi").status_code == 422
    looks = "SELECT count(*) AS n FROM audit_entries WHERE action = 'kader.finding_opened'"
    before = field.ask(looks).n
    field.desk.get(url("findings", id))
    assert field.ask(looks).n == before + 1
    refused = field.kader.post(
        url("findings/new"), data={"kind": "sick", "place": "x", "photo": (BytesIO(b"%PDF-1.4 x"), "a.pdf")}
    )
    assert refused.status_code == 422
    assert "bukan foto" in refused.text
    assert field.ask("SELECT count(*) AS n FROM kader_findings").n == 1


def test_a_case_through_the_field_worker_answers_the_one_finding_about_its_resident(field: Field, app: Flask) -> None:
    family = field.family("Aminah")
    field.assign()
    first = field.find(about=f"?person={family.person}")
    stranger = field.find(name="Pak Ujang")
    assert "channel=field_worker" in field.desk.get(url("findings", first)).text
    with at(app, VILLAGE) as area:
        service = next(each for each in offered(area).values() if not each.restricted_to)
    screening = field.desk.get(f"/{VILLAGE}/cases/new?person={family.person}&channel=field_worker").text
    assert "channel=field_worker" in screening
    intake = field.desk.get(
        f"/{VILLAGE}/cases/new?person={family.person}&service={service.name}&channel=field_worker"
    ).text
    assert _ticked(intake)
    with at(app, VILLAGE) as area:
        person = find_person(area.id, family.person)
        assert person
        ticket = open_case(area, service, person, Intake(channel="field_worker", answers={})).ticket
        commit()
    assert ticket in field.kader.get(url("findings", first)).text
    assert field.ask("SELECT state FROM kader_findings WHERE id = :id", id=first).state == "case"
    # Who is found to be a resident after all can be tied to the case that is there.
    assert field.do(stranger, f"resident/{family.person}", version="9").status_code == 409
    assert field.do(stranger, f"resident/{family.person}").status_code == 302
    case = field.ask("SELECT id FROM cases").id
    assert field.do(stranger, "case/00000000-0000-4000-8000-000000000000").status_code == 422
    assert field.do(stranger, f"case/{case}").status_code == 302
    assert ticket in field.kader.get(url("findings", stranger)).text


def _ticked(page: str) -> bool:
    return any("checked" in part and 'value="field_worker"' in part for part in page.split("<input")[1:])


def test_the_month_counts_by_name_and_what_is_late_is_a_point_of_the_meeting(
    field: Field, app: Flask, clock: Clock, sign_in: SignInAs
) -> None:
    family = field.family("Aminah")
    field.assign()
    field.visit(family.household)
    on_time = field.find(about=f"?household={family.household}")
    field.do(on_time, "answer", answer="Sudah ada bantuannya")
    field.find()
    clock.move(days=6)
    page = field.desk.get(url("report")).text
    assert "1 dari 2" in page
    assert "Yayah" in page
    book = CalamineWorkbook.from_filelike(BytesIO(field.desk.get(url("report.xlsx")).data))
    assert book.get_sheet_by_index(0).to_python()[1] == ["Yayah", 1, 2, 0, 2, 1]
    with app.app_context():
        told = CliRunner().invoke(report, [VILLAGE, "--month", "2026-11"])
        assert told.exit_code == 0, told.output
        assert "1 kunjungan, 2 temuan (1 dari 2 dijawab tepat waktu), 0 pemeriksaan berkas" in told.output
        assert CliRunner().invoke(report, [VILLAGE, "--month", "2027-11"]).exit_code == 2
    with at(app, VILLAGE) as area:
        [section] = [each for each in report_of(area, date(2026, 11, 1)) if each.name == "kader"]
    assert {figure.key: figure.amount for figure in section.figures} == {
        "kader.visits": 1, "kader.findings": 2, "kader.prechecks": 0, "kader.on_time": 1,
    }  # fmt: skip
    assert "1 temuan melewati tenggat" in section.points[0].text
    overview = sign_in("district_officer", "32.01").get("/32.01/").text
    assert "Desa dengan kegiatan kader" in overview
    assert "Aminah" not in overview
    assert sign_in("auditor", "32.01").get(url("findings")).status_code == 403


def test_what_was_told_of_a_household_goes_with_its_member(field: Field, app: Flask) -> None:
    family = field.family("Aminah")
    field.assign()
    field.visit(family.household, note="Batuk darah")
    finding = field.find(about=f"?household={family.household}", words="Batuk darah")
    about = field.find(about=f"?person={family.person}")
    with at(app, VILLAGE) as area:
        person = find_person(area.id, family.person)
        assert person
        assert str(told_of_household(person)).count("Batuk darah") == 2
        assert unfinished(person)
    field.do(about, "answer", answer="Sudah")
    with at(app, VILLAGE) as area:
        person = find_person(area.id, family.person)
        assert person
        assert unfinished(person) is None
        erase_around(person)
        commit()
    assert field.ask("SELECT words FROM kader_findings WHERE id = :id", id=finding).words == ""
    assert field.ask("SELECT note FROM kader_visits").note == ""
