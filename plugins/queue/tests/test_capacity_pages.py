"""The page of the desk's capacity, its what-if in the address, the proposal as a paper, and the terminal."""

import re

import pytest
from click.testing import CliRunner
from flask import Flask

from core.testing import VILLAGE, SignInAs, at
from plugins.queue.capacity_command import capacity

from .conftest import DeskSite, url
from .test_capacity_figures import FRIDAY, THURSDAY, many

PERIOD = f"first={THURSDAY}&last={FRIDAY}"


@pytest.fixture
def recorded(site: DeskSite) -> DeskSite:
    """Two days of forty people each, a quarter of an hour for everybody: a load of 167 %."""
    with at(site.app, VILLAGE) as area:
        many(area, 40, THURSDAY, 15)
        many(area, 40, FRIDAY, 15)
    return site


def page(site: DeskSite, query: str = "", status: int = 200) -> str:
    answer = site.clerk.get(f"{url('capacity')}?{query}")
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_the_page_shows_the_record_and_asks_what_is_to_change(recorded: DeskSite) -> None:
    shown = page(recorded)
    assert "167 %" in shown, "40 people · 15 minutes / 360 minutes"
    assert "5 Nov 2026" in shown
    assert "Dari catatan: 40,0." in shown
    assert "Sebelum dan sesudah" not in shown
    assert 'role="img"' in shown


def test_the_answer_stands_in_the_address(recorded: DeskSite) -> None:
    query = f"{PERIOD}&extra_days=1&extra_counters=1&booked=50"
    shown = page(recorded, query)
    tables = [re.findall("<table.*?</table>", each, re.DOTALL) for each in (shown, page(recorded, query))]
    assert len(tables[0]) == 3
    assert tables[0] == tables[1], "the same address, the same answer"
    for text in (
        "1 hari buka lagi seminggu · 1 petugas lagi · 50 % warga membuat janji",
        "± ",
        "catatan, 80 waktu di loket",
    ):
        assert text in shown
    assert shown.count('role="img"') == 3
    assert "extra_days=1" in shown.partition("capacity.pdf")[2][:200]
    assert 'value="50"' in shown


WRONG = {
    "extra_days=9": "antara 0 dan 6",
    "extra_days=banyak": "Isi dengan angka bulat.",
    "booked=101": "antara 0 dan 100",
    f"first={FRIDAY}&last={THURSDAY}": "Tanggal akhir harus sesudah tanggal awal.",
    "first=2025-01-01&last=2026-11-01": "Paling lama 184 hari.",
    "last=2027-01-01": "Tanggal itu belum tiba.",
    "last=0001-01-01&first=kemarin": "Tanggalnya tidak benar.",
    f"{PERIOD}&ready=50": "Catatan belum cukup untuk angka ini. Isi perkiraan.",
    "first=2026-10-01&last=2026-10-02&extra_days=1": "Catatan belum cukup untuk angka ini. Isi perkiraan.",
    "minutes=NaN": "antara 0.5 dan 240",
}


def test_what_cannot_be_computed_is_said_at_its_field(recorded: DeskSite) -> None:
    for query, message in WRONG.items():
        shown = page(recorded, query, 422)
        assert "Sebelum dan sesudah" not in shown, query
        assert message in shown, query


def test_with_too_thin_a_record_assumptions_are_called_so(site: DeskSite) -> None:
    assert "Catatan belum cukup: 0 waktu di loket, padahal perlu 30." in page(site)
    shown = page(site, "extra_days=1&arrivals=30&minutes=12&hours=5&counters=1&days=1")
    assert shown.count("asumsi</td>") == 5
    assert "catatan, " not in shown


def test_the_proposal_is_a_paper_for_the_village_head(recorded: DeskSite) -> None:
    answer = recorded.clerk.get(f"{url('capacity.pdf')}?{PERIOD}&extra_days=1")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF")
    assert recorded.row("SELECT action, object_id FROM audit_entries WHERE action LIKE 'queue.cap%'") == (
        "queue.capacity_proposed",
        f"{THURSDAY}/{FRIDAY}",
    )
    for query in ("", f"{PERIOD}&extra_days=0", "extra_days=9&_external=1"):
        assert recorded.clerk.get(f"{url('capacity.pdf')}?{query}").status_code == 302


def test_who_sees_it(app: Flask, recorded: DeskSite, sign_in: SignInAs) -> None:
    assert recorded.kader.get(url("capacity")).status_code == 403
    assert recorded.stranger.get(url("capacity")).status_code in (302, 401, 403)
    assert sign_in("district_officer").get(url("capacity")).status_code == 200


def test_the_terminal_says_the_same(app: Flask, recorded: DeskSite) -> None:
    runner, period = CliRunner(), [VILLAGE, "--from", str(THURSDAY), "--to", str(FRIDAY)]
    with app.app_context():
        record = runner.invoke(capacity, period)
        assert record.exit_code == 0, record.output
        assert "05-11-2026  40 datang, 40 dilayani, menunggu 3,0/3,0/3,0 menit" in record.output
        assert "beban 167 %" in record.output
        assert "Dengan perubahan" not in record.output
        told = runner.invoke(capacity, [*period, "--extra-days", "1", "--extra-counters", "1"])
        assert told.exit_code == 0, told.output
        thin = runner.invoke(capacity, [VILLAGE, "--from", "2026-10-01", "--to", "2026-10-02", "--extra-days", "1"])
        assert (thin.exit_code, "--arrivals, --minutes" in thin.output) == (1, True)
        for wrong in ("2026-11-01", "2026-01-01", "2030-01-01"):
            backwards = [VILLAGE, "--from", wrong, "--to", "2026-10-31" if wrong != "2030-01-01" else wrong]
            assert runner.invoke(capacity, backwards).exit_code == 2
    shown = page(recorded, f"{PERIOD}&extra_days=1&extra_counters=1")
    summary = told.output.strip().splitlines()[-1]
    assert summary.startswith("Rata-rata menunggu dari")
    assert summary in shown
