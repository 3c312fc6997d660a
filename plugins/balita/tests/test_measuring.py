"""Measuring a child, correcting, supplementary food, lists, report and referral, as clerk and kader do it."""

from typing import Any

import pytest

from core.testing import VILLAGE, SignInAs
from core.testing.reading import version_in
from plugins.balita.services import ask, referral

from .conftest import Posyandu, url


def test_a_measurement_comes_with_score_category_and_chart(posyandu: Posyandu) -> None:
    child = posyandu.child()
    posyandu.measure(child, "2026-10-10", weight="9,3", height="74")
    assert posyandu.measure(child, head="46", vitamin_a="red", immunisation="Campak").status_code == 302
    page = posyandu.page("children", child)
    for words in ("9,6 kg, 75,7 cm", "berat badan normal", "tinggi normal", "kepala 46 cm", "kapsul merah", "Campak"):
        assert words in page
    assert "menurut ukuran, bukan diagnosis" in page
    assert page.count("<svg viewBox") == 3
    assert page.count("<circle") == 6
    assert 'role="img"' in page
    kept = posyandu.rows("SELECT weight_g, height_mm, measured_by FROM balita_measurements ORDER BY measured_on")
    assert tuple(kept[1]) == (9600, 757, "Yayah Kader")


def test_reading_a_child_leaves_a_trace(posyandu: Posyandu) -> None:
    child = posyandu.child()
    posyandu.page("children", child)
    assert posyandu.rows("SELECT count(*) FROM audit_entries WHERE action = 'balita.child_opened'")[0][0] == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"weight": "75,7", "height": "9,6"}, "tertukar"),
        ({"weight": "banyak"}, "Tulis angka saja"),
        ({"weight": "96"}, "tidak mungkin"),
        ({"weight": "", "height": ""}, "Tidak ada yang diukur"),
        ({"measured_on": "2026-11-13"}, "belum tiba"),
        ({"measured_on": "2025-11-11"}, "sebelum anak lahir"),
        ({"position": "hanging"}, "Pilih"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_lost(posyandu: Posyandu, data: dict[str, str], words: str) -> None:
    answer = posyandu.measure(posyandu.child(), **data)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "Yayah Kader" in answer.text
    assert not posyandu.rows("SELECT id FROM balita_measurements")


def test_a_child_that_shrank_is_measured_again_before_it_is_kept(posyandu: Posyandu) -> None:
    child = posyandu.child()
    posyandu.measure(child, "2026-10-12")
    answer = posyandu.measure(child, height="70")
    assert answer.status_code == 422
    assert "menyusut" in answer.text
    assert 'value="70"' in answer.text
    assert posyandu.measure(child, height="70", looked_at="y").status_code == 302


def test_a_day_has_one_measurement(posyandu: Posyandu) -> None:
    child = posyandu.child()
    posyandu.measure(child)
    answer = posyandu.measure(child, weight="9,7")
    assert answer.status_code == 422
    assert "sudah punya hasil ukur pada tanggal itu" in answer.text


def test_two_do_not_overwrite_each_other(posyandu: Posyandu) -> None:
    child = posyandu.child()
    posyandu.measure(child)
    held = posyandu.rows("SELECT id FROM balita_measurements")[0][0]
    address = url("children", child, "measurements", held)
    seen = version_in(posyandu.kader.get(address).text)
    said = {"measured_on": "2026-11-12", "height": "75,7", "measured_by": "Yayah", "version": seen}
    assert posyandu.staff.post(address, data={**said, "weight": "9,8"}).status_code == 302
    answer = posyandu.kader.post(address, data={**said, "weight": "9,9"})
    assert answer.status_code == 409
    assert "9,8 kg" in answer.text
    assert posyandu.kader.post(f"{address}/remove", data={"version": seen}).status_code == 409
    now = version_in(posyandu.kader.get(address).text)
    assert posyandu.kader.post(f"{address}/remove", data={"version": now}).status_code == 302
    assert not posyandu.rows("SELECT id FROM balita_measurements")


def test_lists_of_who_needs_something(posyandu: Posyandu) -> None:
    """Below −2 SD, not risen twice, not measured this month; each child only where it belongs."""
    short, still, well, new = (posyandu.child(name) for name in ("Si Pendek", "Si Tetap", "Si Sehat", "Si Baru"))
    posyandu.measure(short, height="70")
    for day in ("2026-09-12", "2026-10-12", "2026-11-12"):
        posyandu.measure(still, day, weight="9", height="75")
    posyandu.measure(well)
    expected = {
        "all": {"Si Pendek", "Si Tetap", "Si Sehat", "Si Baru"},
        "due": {"Si Baru"},
        "refer": {"Si Pendek", "Si Tetap"},
        "low": {"Si Pendek"},
        "not_rising": {"Si Tetap"},
    }
    for show, names in expected.items():
        page = posyandu.page(f"?show={show}")
        assert {name for name in expected["all"] if name in page} == names, show
    assert "Rujuk ke Puskesmas: di bawah −2 SD (TB/U)" in posyandu.page("children", short)
    assert "tidak naik 2 kali berturut-turut" in posyandu.page("children", still)
    assert "Rujuk ke Puskesmas:" not in posyandu.page("children", well)
    front = posyandu.kader.get(f"/{VILLAGE}/").text
    assert "Perlu dirujuk ke Puskesmas" in front
    assert "Belum pernah diukur" in posyandu.kader.get(f"/{VILLAGE}/people/{new}").text


def test_pages_of_a_long_list_hold_each_child_once(posyandu: Posyandu) -> None:
    for number in range(27):
        posyandu.child(f"Anak {number:02d}")
    first = posyandu.page()
    cursor = first.split("after=")[1].split('"')[0].split("&")[0]
    second = posyandu.page(f"?after={cursor}")
    seen = [name for number in range(27) for page in (first, second) if (name := f"Anak {number:02d}") in page]
    assert len(seen) == 27


def test_food_is_recorded_and_counted(posyandu: Posyandu) -> None:
    child = posyandu.child()
    said = {"given_on": "2026-11-10", "food": "Biskuit balita", "portions": "14", "received_by": "Ibu Enok"}
    assert posyandu.kader.post(url("children", child, "food"), data=said).status_code == 302
    assert "Biskuit balita" in posyandu.page("children", child)
    early = posyandu.kader.post(url("children", child, "food"), data={**said, "given_on": "2025-11-11"})
    assert early.status_code == 422
    ration = posyandu.rows("SELECT id, portions FROM balita_rations")[0]
    assert ration.portions == 14
    posyandu.kader.post(url("children", child, "food", ration.id, "remove"))
    assert not posyandu.rows("SELECT id FROM balita_rations")


def test_the_report_counts_and_names_nobody(posyandu: Posyandu, sign_in: SignInAs) -> None:
    """Who oversees the village sees counts, and no child."""
    child = posyandu.child("Dede Rukmana")
    posyandu.measure(child, height="70")
    auditor = sign_in("auditor")
    page = auditor.get(url("report")).text
    assert "pendek" in page
    assert "12–23 bulan" in page
    assert "Dede" not in page
    assert auditor.get(url("report") + "?year=2026&month=12").status_code == 404
    assert auditor.get(url("report.xlsx")).data[:2] == b"PK"
    for closed in (url(), url("children", child), url("balita.xlsx")):
        assert auditor.get(closed).status_code == 403


def test_a_referral_asks_the_puskesmas_with_no_more_than_it_needs(posyandu: Posyandu) -> None:
    child = posyandu.child()
    said = {
        "person": child,
        "channel": "desk",
        "reasons": "low",
        "figures": "berat 8,2 kg",
        "companion": "Kader",
        "privacy_notice_given": "y",
    }
    form = posyandu.staff.get(f"/{VILLAGE}/cases/new?person={child}&service=balita.referral")
    assert "bukan diagnosis" in form.text
    answer = posyandu.staff.post(f"/{VILLAGE}/cases/new?person={child}&service=balita.referral", data=said)
    assert answer.status_code == 302, answer.text
    page = posyandu.staff.get(answer.location).text
    assert "Puskesmas" in page
    assert "tidak terpenuhi" not in page


def test_what_the_puskesmas_reads_claims_nothing(village: Any) -> None:
    told = ask({"reasons": "Hasil ukur di bawah −2 SD", "measured_on": "12-11-2026", "figures": "berat 8,2 kg"})
    assert told == (
        "Mohon pemeriksaan pertumbuhan balita ini. Alasan: Hasil ukur di bawah −2 SD."
        " Ukuran terakhir (12-11-2026): berat 8,2 kg. Menurut ukuran Posyandu, bukan diagnosis."
    )
    assert referral.referral
    assert (referral.referral.to, referral.referral.nik) == ("puskesmas", "masked")
