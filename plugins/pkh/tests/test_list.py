"""The list of KPM: putting a family on it, its components and pengurus, leaving and coming back."""

import re
from io import BytesIO
from typing import Any

from click.testing import CliRunner
from python_calamine import CalamineWorkbook
from sqlalchemy import event

from core.api import db
from core.testing import FOREIGN, SIBLING, VILLAGE, Clock, SignInAs
from core.testing.reading import words
from plugins.pkh.commands import list_families
from plugins.pkh.listing import SHOWN
from plugins.pkh.services import proposal

from .conftest import Desk, url


def ticked(page: str) -> list[str]:
    """The values of the boxes that are ticked."""
    boxes = re.findall(r'<input[^>]*type="checkbox"[^>]*>', page)
    return [re.findall(r'value="(\w+)"', box)[0] for box in boxes if " checked" in box]


def test_what_the_register_knows_is_filled_in_and_what_it_suggests_is_said(desk: Desk) -> None:
    year = desk.today().year
    home = desk.make_home(Dede=f"{year - 2}-01-01", Asep=f"{year - 9}-01-01")
    page = desk.staff.get(url("people", home.mother, "enlist")).text
    assert ticked(page) == ["child"]
    assert "Pastikan sekolah dan NISN-nya" in page


def test_whom_the_proposal_put_forward_is_filled_in(desk: Desk) -> None:
    """Asep is six: a small child or a pupil, as the family says."""
    year = desk.today().year
    home = desk.make_home(Dede=f"{year - 2}-01-01", Asep=f"{year - 6}-01-01")
    enlist = url("people", home.mother, "enlist")
    desk.open_case(proposal, home.mother, sd=1)
    assert ticked(desk.staff.get(enlist).text) == ["sd", "child"]
    desk.open_case(proposal, home.mother, sd=2)  # who the other is, nobody said
    assert ticked(desk.staff.get(enlist).text) == ["child"]


def test_a_family_is_put_on_the_list_with_its_components(desk: Desk) -> None:
    _home, family = desk.listed()
    page = desk.page(family)
    assert "Keluarga PKH: Enok Sumarni" in page
    assert "Rp975.000" in page  # 750,000 for the small child, 225,000 for the pupil
    assert "Rp3.900.000" in page
    assert "SDN Cibadak 02" in page
    assert "Belum dipastikan sumbernya" in page


def test_who_came_after_the_day_that_counts_reads_from_when_it_does(desk: Desk, clock: Clock) -> None:
    """The clock stands in the middle of a stage."""
    home = desk.make_home(Dede="2024-01-01")
    family = desk.enlist(home, Dede="child", since=f"{desk.today()}").location.rsplit("/", 1)[-1]
    assert "dihitung mulai tahap berikutnya" in desk.page(family)
    assert "dihitung mulai tahap berikutnya" not in desk.page(f"{family}?year=2027&stage=1")


def test_a_family_is_on_the_list_once(desk: Desk) -> None:
    home, family = desk.listed()
    assert desk.enlist(home, Dede="child").location == url("families", family)
    assert len(desk.rows("SELECT id FROM pkh_families")) == 1


def test_without_a_component_there_is_no_kpm(desk: Desk) -> None:
    home = desk.make_home()
    answer = desk.enlist(home)
    assert answer.status_code == 422
    assert "tanpa komponen tidak ada bantuan PKH" in answer.text


def test_a_pengurus_against_the_rule_asks_for_a_reason(desk: Desk) -> None:
    home = desk.make_home(Asep=f"{desk.today().year - 9}-01-01")
    refused = desk.enlist(home, Asep="sd", payee="Asep")
    assert refused.status_code == 422
    assert "Tulis alasannya" in refused.text
    assert desk.enlist(home, Asep="sd", payee="Asep", reason="Ibunya bekerja di luar negeri").status_code == 302


def test_a_small_child_is_no_pupil(desk: Desk) -> None:
    home = desk.make_home(Asep=f"{desk.today().year - 6}-01-01")
    answer = desk.enlist(home, Asep="child sd")
    assert answer.status_code == 422
    assert "Pilih satu saja" in answer.text


def test_components_change_from_a_day_on(desk: Desk) -> None:
    home, family = desk.listed()
    first = desk.today().replace(day=1).isoformat()
    data: dict[str, Any] = {
        f"p{home.people['Asep']}-components": ["smp"],
        f"p{home.people['Dede']}-components": ["child"],
    }
    answer = desk.post(family, "components", on=first, **data)
    assert answer.status_code == 302, answer.text
    held = desk.rows("SELECT component, until IS NULL FROM pkh_members ORDER BY component")
    assert [tuple(row) for row in held] == [("child", True), ("sd", False), ("smp", True)]
    assert "Komponen yang sudah berakhir" in desk.page(family)


def test_a_component_that_was_a_mistake_leaves_no_trace(desk: Desk) -> None:
    home, family = desk.listed()
    today = desk.today().isoformat()
    both: dict[str, Any] = {
        f"p{home.people['Asep']}-components": ["sd"],
        f"p{home.people['Dede']}-components": ["child", "disability"],
    }
    desk.post(family, "components", on=today, **both)
    both[f"p{home.people['Dede']}-components"] = ["child"]
    desk.post(family, "components", on=today, **both)
    assert not desk.rows("SELECT id FROM pkh_members WHERE component = 'disability'")


def test_somebody_else_has_changed_it(desk: Desk) -> None:
    home, family = desk.listed()
    stale = desk.version(family)
    data: dict[str, Any] = {f"p{home.people['Dede']}-components": ["child"], "on": desk.today().isoformat()}
    assert desk.post(family, "components", **data).status_code == 302
    answer = desk.post(family, "components", version=stale, **data)
    assert answer.status_code == 409
    assert "Orang lain baru saja mengubah keluarga ini" in answer.text


def test_what_time_has_changed_is_named(desk: Desk) -> None:
    year = desk.today().year
    home = desk.make_home(Asep=f"{year - 2}-01-01", Dede=f"{year - 1}-01-01")
    desk.enlist(home, Asep="child")
    desk.rows_changed("UPDATE persons SET birth_date = birth_date - interval '6 years' WHERE name = 'Asep'")
    page = desk.staff.get(url()).text + desk.page(str(desk.row("SELECT id FROM pkh_families")[0]))
    assert "perlu dimutakhirkan" in page
    assert "sudah lewat 6 tahun" in page
    assert "mungkin bertambah" in page  # the baby


def test_another_pengurus(desk: Desk) -> None:
    home, family = desk.listed(Neng="2000-01-01")
    page = desk.page(family, "payee")
    assert "Neng (" in page
    assert "tidak terpenuhi" in page  # of the children
    assert desk.post(family, "payee", payee=home.people["Neng"], reason="").status_code == 422
    answer = desk.post(family, "payee", payee=home.people["Neng"], reason="Ibunya merantau")
    assert answer.status_code == 302, answer.text
    assert "Keluarga PKH: Neng" in desk.page(family)
    assert "Neng (Ibunya merantau)" in desk.page(family)


def test_a_family_leaves_and_comes_back(desk: Desk) -> None:
    home, family = desk.listed()
    today = desk.today().isoformat()
    assert desk.post(family, "leave", why="able", on=today, note="").status_code == 422
    assert desk.post(family, "leave", why="able", on=today, note="Pernyataan 12/2026").status_code == 302
    page = desk.page(family)
    assert "Graduasi mandiri: keluarga sudah mampu" in page
    assert "Enok Sumarni" in desk.staff.get(url() + "?show=left").text
    assert "Enok Sumarni" not in desk.staff.get(url()).text
    assert desk.post(family, "components", on=today).status_code == 422
    assert desk.post(family, "return").status_code == 302
    assert not desk.rows("SELECT id FROM pkh_members WHERE until IS NOT NULL")
    assert f"people/{home.mother}" in desk.page(family)


def test_a_family_that_left_can_be_put_on_the_list_anew_but_then_not_return(desk: Desk) -> None:
    home, family = desk.listed()
    desk.post(family, "leave", why="moved", on=desk.today().isoformat(), note="Pindah")
    assert desk.enlist(home, Dede="child", since=desk.today().isoformat()).status_code == 302
    answer = desk.post(family, "return")
    assert answer.status_code == 422
    assert "sudah dicatat lagi" in answer.text


def test_nobody_leaves_before_they_came(desk: Desk) -> None:
    _home, family = desk.listed()
    answer = desk.post(family, "leave", why="able", on="2019-01-01", note="Salah tulis")
    assert answer.status_code == 422
    assert "lebih awal" in answer.text


def test_the_statement_is_made_for_the_family_to_sign(desk: Desk) -> None:
    _home, family = desk.listed()
    said = words(desk.staff.get(url("families", family, "graduation.pdf")))
    assert "mengundurkan diri sebagai Keluarga Penerima Manfaat" in said
    assert "Enok Sumarni" in said


def test_the_list_is_found_by_name_and_page(desk: Desk) -> None:
    desk.listed()
    assert "Enok Sumarni" in desk.staff.get(url() + "?q=sumar").text
    assert "Tidak ada pengurus dengan nama itu" in desk.staff.get(url() + "?q=100%25").text
    for show in SHOWN:
        assert desk.staff.get(url() + f"?show={show}&after=rusak").status_code == 200


def test_the_sheet_has_a_nik_in_full_only_for_who_may_see_it(desk: Desk, sign_in: SignInAs) -> None:
    desk.listed()
    for client, full in ((desk.staff, True), (sign_in("auditor", "32.01"), False)):
        with client.get(url("kpm-pkh.xlsx")) as answer:
            rows = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
        assert rows[1][0] == "Enok Sumarni"
        assert ("•" not in str(rows[1][1])) is full
        assert rows[1][6] == 975_000


def test_who_only_reads_changes_nothing(desk: Desk, sign_in: SignInAs) -> None:
    home, family = desk.listed()
    supervisor = sign_in("kecamatan_supervisor", "32.01.15")
    assert supervisor.get(url("families", family)).status_code == 200
    for part in ("components", "payee", "leave"):
        assert supervisor.get(url("families", family, part)).status_code == 403
        assert desk.kader.get(url("families", family, part)).status_code == 403
    assert desk.enlist(home, client=desk.kader).status_code == 403


def test_another_village_sees_nothing_of_it(desk: Desk, sign_in: SignInAs) -> None:
    home, family = desk.listed()
    for village in (SIBLING, FOREIGN):
        other = sign_in("village_staff", village)
        own = f"/{village}/pkh"
        assert "Enok Sumarni" not in other.get(f"{own}/").text
        for path in (f"families/{family}", f"people/{home.mother}/enlist", f"families/{family}/graduation.pdf"):
            assert other.get(f"{own}/{path}").status_code == 404
        assert other.get(url("families", family)).status_code == 404


def test_the_audit_says_who_did_what(desk: Desk, sign_in: SignInAs) -> None:
    home, family = desk.listed(Neng="2000-01-01")
    desk.post(family, "payee", payee=home.people["Neng"], reason="Ibunya merantau")
    desk.post(family, "leave", why="able", on=desk.today().isoformat(), note="Mampu")
    page = sign_in("village_head").get(f"/{VILLAGE}/audit").text
    for deed in (
        "mencatat keluarga di daftar KPM PKH dengan 2 komponen",
        "mengganti pengurus PKH",
        "mengeluarkan keluarga",
    ):
        assert deed in page


def test_the_terminal_lists_them_too(desk: Desk) -> None:
    desk.listed()
    with desk.app.app_context():
        told = CliRunner().invoke(list_families, [VILLAGE])
        assert CliRunner().invoke(list_families, ["bukan-kode"]).exit_code == 2
    assert "Enok Sumarni" in told.output, told.output
    assert "Rp975.000" in told.output


# ---- cost ----


def test_a_page_costs_the_same_however_many_families_there_are(desk: Desk) -> None:
    _home, family = desk.listed()
    few = queries(desk, family)
    for _number in range(3):
        desk.listed()
    assert queries(desk, family) == few


def queries(desk: Desk, family: str) -> int:
    """How many statements the list and a family's page take together."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    with desk.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert desk.staff.get(url()).status_code == 200
        assert desk.staff.get(url("families", family)).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
