"""The case that follows within a working day, in whichever module the village has."""

import re

from flask import Flask

from core.testing import VILLAGE, Clock, SignInAs, switch_off

from .conftest import HOME, Village, url


def case_form(page: str) -> dict[str, str]:
    """What the form would send as it stands."""
    tags = [tag for tag in re.findall(r"<input[^>]*>", page) if "checkbox" not in tag]
    inputs = dict(pair for tag in tags for pair in re.findall(r' name="([a-z_]+)".*? value="([^"]*)"', tag))
    picked = re.findall(r'<select[^>]*? name="([a-z_]+)".*?<option selected[^>]* value="([^"]*)"', page, re.DOTALL)
    return {**inputs, **dict(picked)}


def test_the_duty_stays_on_the_first_page_until_it_is_done(desa: Village, clock: Clock) -> None:
    id = desa.ended(patient_name="Pak Dadang")
    home = desa.desk.get(HOME).text
    assert str(id) in home
    assert "1 hari lagi" in home
    clock.move(days=1)
    assert ">hari ini</span>" in desa.desk.get(HOME).text
    clock.move(days=3)  # Monday: a weekend later
    assert "3 hari lewat" in desa.desk.get(HOME).text
    desa.do(id, "no-case", why="died")
    assert str(id) not in desa.desk.get(HOME).text


def test_a_patient_without_cover_is_enrolled_with_what_the_escort_tells(desa: Village, clock: Clock) -> None:
    id, person = desa.ended(caller_phone="0812-3456-7890"), desa.person(name="Enok Sumarni")
    assert "Kaitkan dulu" in desa.kader.get(url(id, "follow-up")).text
    found = desa.kader.get(url(id, "attach") + "?q=enok").text
    assert "Enok Sumarni" in found
    desa.attach(id, person)
    page = desa.kader.get(url(id, "follow-up")).text
    sent = case_form(page)
    assert sent["facility"] == "RSUD Leuwiliang"
    assert (sent["care"], sent["cover"], sent["admitted_on"]) == ("emergency", "none", "2026-11-12")
    assert (sent["escort"], sent["reporter_phone"]) == ("Yayah", "0812-3456-7890")
    form = url(id, "follow-up") + "?service=uhc.enrolment"
    assert desa.kader.post(form, data=sent).status_code == 422  # the privacy notice was not given yet
    sent["privacy_notice_given"] = "y"
    opened = desa.kader.post(form, data=sent)
    assert opened.status_code == 302
    case = desa.ask("SELECT * FROM cases")
    assert opened.location.endswith(f"/cases/{case.id}")
    assert (case.service, case.priority, str(case.person_id)) == ("uhc.enrolment", "urgent", person)
    assert (case.channel, case.data["facility"]) == ("field_worker", "RSUD Leuwiliang")
    assert (desa.row(id).case_id, desa.row(id).follow_up) == (case.id, "case")
    assert str(id) in desa.desk.get(f"/{VILLAGE}/cases/{case.id}").text
    assert case.ticket in desa.desk.get(url(id)).text
    assert str(id) not in desa.desk.get(HOME).text
    assert ("case_opened", case.ticket) in [(deed, detail.get("ticket")) for deed, detail in desa.deeds()]
    # A second tap opens no second case, and who the patient is stays.
    assert desa.kader.post(form, data=sent).status_code == 302
    assert desa.ask("SELECT count(*) AS n FROM cases").n == 1
    assert desa.do(id, f"attach/{desa.person(name='Orang Lain')}").status_code == 422


def test_two_who_open_the_case_at_once_open_one(desa: Village) -> None:
    id, person = desa.ended(), desa.person()
    desa.attach(id, person)
    sent = {**case_form(desa.desk.get(url(id, "follow-up")).text), "privacy_notice_given": "y"}
    sent["reporter_phone"] = "0812-3456-7890"
    desa.do(id, "edit", place="RT 09", jkn="none", facility="RSUD Leuwiliang")
    stale = desa.kader.post(url(id, "follow-up") + "?service=uhc.enrolment", data=sent)
    assert stale.status_code == 409
    assert desa.ask("SELECT count(*) AS n FROM cases").n == 0


def test_a_case_that_is_going_already_is_tied_and_not_doubled(desa: Village) -> None:
    person = desa.person(name="Enok Sumarni")
    first, second = desa.ended(), desa.ended()
    for id in (first, second):
        desa.attach(id, person)
    form = "follow-up?service=uhc.enrolment"
    sent = {**case_form(desa.desk.get(url(first, "follow-up")).text), "reporter_phone": "0812-3456-7890"}
    sent["privacy_notice_given"] = "y"
    assert desa.kader.post(url(first, form), data=sent).status_code == 302
    case = desa.ask("SELECT id, ticket FROM cases")
    page = desa.kader.get(url(second, "follow-up")).text
    assert case.ticket in page
    refused = desa.kader.post(url(second, form), data={**sent, "version": desa.row(second).version})
    assert refused.status_code == 422
    assert "sudah punya kasus terbuka" in refused.text
    assert desa.do(second, f"follow-up/{second}").status_code == 422  # no such case
    assert desa.do(second, f"follow-up/{case.id}").status_code == 302
    assert desa.row(second).case_id == case.id


def test_which_service_follows_goes_by_the_cover_and_by_what_is_on(desa: Village, app: Flask) -> None:
    person = desa.person()
    none, inactive, active = desa.ended(jkn="none"), desa.ended(jkn="inactive"), desa.ended(jkn="active")
    for id in (none, inactive):
        desa.attach(id, person)
    assert desa.row(active).follow_up == "none"
    assert "Tidak perlu: JKN pasien aktif" in desa.desk.get(url(active)).text

    def offered(id: object) -> list[str]:
        page = desa.desk.get(url(id, "follow-up")).text
        return list(dict.fromkeys(re.findall(r"service=([a-z_.]+)", page)))

    assert offered(none) == ["uhc.enrolment", "pbi_jk.enrolment"]
    assert offered(inactive) == ["uhc.enrolment", "pbi_jk.reactivation"]
    switch_off(app, "uhc")
    assert offered(inactive) == ["pbi_jk.reactivation"]
    switch_off(app, "pbi_jk")
    page = desa.desk.get(url(none, "follow-up")).text
    assert "Layanan susulan tidak menyala di desa ini" in page
    assert "RSUD Leuwiliang" in page
    assert desa.do(none, "no-case", why="advised").status_code == 422  # with whom it was said
    assert desa.do(none, "no-case", why="advised", note="Bu Ani, Dinas Sosial: didaftarkan").status_code == 302
    assert "Bu Ani" in desa.desk.get(url(none)).text
    assert desa.do(none, "no-case", why="died").status_code == 422  # it is closed


def test_cover_that_turns_out_not_to_be_active_brings_the_duty_back(desa: Village) -> None:
    id = desa.ended(jkn="active")
    assert str(id) not in desa.desk.get(HOME).text
    desa.do(id, "edit", place="RT 02", jkn="inactive")
    assert desa.row(id).follow_up == "pending"
    assert str(id) in desa.desk.get(HOME).text


def test_a_village_sets_what_follows_its_facilities_and_what_to_do_without_a_module(
    desa: Village, app: Flask, sign_in: SignInAs
) -> None:
    head, address = sign_in("village_head"), f"/{VILLAGE}/settings/emergency"
    fingerprint = re.findall(r'name="fingerprint" value="([^"]+)"', head.get(address).text)[0]
    wanted = {"when_none": "pbi_jk.enrolment", "when_inactive": "", "when_unknown": "", "shifts": "Penuh 00.00–00.00"}
    wanted |= {"facilities": "RSUD Leuwiliang", "advice": "Telepon Bu Ani", "fingerprint": fingerprint}
    seven = "\n".join(f"G{n} 07.00–08.00" for n in range(7))
    for wrong in ({"when_none": "UHC saja"}, {"shifts": "Malam"}, {"shifts": ""}, {"shifts": seven}):
        assert head.post(address, data={**wanted, **wrong}).status_code == 422
    assert head.post(address, data=wanted).status_code == 302
    id = desa.call()
    desa.tap(id, "arrived")
    assert '<option value="RSUD Leuwiliang">' in desa.kader.get(url(id)).text
    desa.hand_over(id)
    desa.attach(id, desa.person())
    page = desa.desk.get(url(id, "follow-up")).text
    assert "uhc.enrolment" not in page
    assert "pbi_jk.enrolment" in page
    desa.do(id, "edit", place="RT 02", jkn="unknown")
    assert "Telepon Bu Ani" in desa.desk.get(url(id, "follow-up")).text
    assert "Penuh 00.00–00.00" in desa.desk.get(url("roster")).text
