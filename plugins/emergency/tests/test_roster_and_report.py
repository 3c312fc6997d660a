"""Who is on call, and how fast escorts are: figures, and none of a few."""

import re
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from flask import Flask
from python_calamine import CalamineWorkbook

from core.api import commit
from core.testing import VILLAGE, Clock, SignInAs, at
from plugins.emergency.calls import Call, take_call
from plugins.emergency.commands import register, report
from plugins.emergency.settings import shift_kinds

from .conftest import HOME, Village, moment, url

MINUTES = (5, 10, 15, 20, 100)


def shift(day: int, kind: str, name: str = "Yayah") -> dict[str, str]:
    return {"day": f"2026-11-{day:02d}", "shift": kind, "name": name, "phone": "0812-0000-0001"}


DAY, NIGHT = "Siang 07.00–19.00", "Malam 19.00–07.00"


def test_who_is_on_call_now_stands_on_the_first_page_also_after_midnight(desa: Village, clock: Clock) -> None:
    assert "Tidak ada yang tercatat jaga sekarang" in desa.kader.get(HOME).text
    assert desa.desk.post(url("roster"), data=shift(12, DAY, "Pak Dedi")).status_code == 302
    assert desa.desk.post(url("roster"), data=shift(12, NIGHT)).status_code == 302
    assert "Pak Dedi" in desa.kader.get(HOME).text
    clock.set(moment(2, day=13))
    home = desa.kader.get(HOME).text
    assert 'href="tel:+6281200000001"' in home
    assert "Pak Dedi" not in home
    clock.set(moment(7, day=13))
    assert "Tidak ada yang tercatat jaga sekarang" in desa.kader.get(url()).text


def test_last_week_is_copied_once(desa: Village) -> None:
    nothing = desa.desk.post(url("roster/copy?week=2026-11-16"))
    assert nothing.status_code == 422
    assert "tidak ada yang disalin" in nothing.text
    for day, kind in ((9, DAY), (12, NIGHT), (12, NIGHT)):
        desa.desk.post(url("roster"), data=shift(day, kind))
    assert desa.ask("SELECT count(*) AS n FROM emergency_shifts").n == 2  # the same person twice is one
    for _ in range(2):
        assert desa.desk.post(url("roster/copy?week=2026-11-16")).status_code == 302
    rows = desa.ask("SELECT array_agg(starts_at ORDER BY starts_at) AS all FROM emergency_shifts").all
    assert rows == [moment(7, day=9), moment(19, day=12), moment(7, day=16), moment(19, day=19)]
    week = desa.kader.get(url("roster?week=2026-11-18")).text
    assert "Senin, 16 November 2026" in week
    removed = re.search(r"/roster/([0-9a-f-]{36})/remove", desa.desk.get(url("roster?week=2026-11-18")).text)
    assert removed
    assert desa.desk.post(url("roster", removed[1], "remove")).status_code == 302
    assert desa.desk.post(url("roster", removed[1], "remove")).status_code == 404
    assert desa.ask("SELECT count(*) AS n FROM emergency_shifts").n == 3


@pytest.mark.parametrize("wrong", [{"day": "2062-11-12"}, {"phone": "–"}, {"shift": "Pagi"}, {"name": ""}])
def test_a_shift_that_cannot_be_is_refused(desa: Village, wrong: dict[str, str]) -> None:
    assert desa.desk.post(url("roster"), data={**shift(12, DAY), **wrong}).status_code == 422


@pytest.mark.parametrize(
    ("text", "ends_next_day"),
    [("Malam 19.00–07.00", True), ("Siang 7:00 - 19:00", False), ("Penuh 00.00–00.00", True)],
)
def test_shifts_are_read_as_people_write_them(text: str, ends_next_day: bool) -> None:
    (kind,) = shift_kinds(text)
    assert (kind.end <= kind.start) == ends_next_day


@pytest.mark.parametrize("text", ["Malam", "Malam 25.00–07.00", "19.00–07.00"])
def test_what_is_no_shift_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        shift_kinds(text)


def escorts(app: Flask, minutes: tuple[int, ...], code: str = VILLAGE) -> None:
    """One escort for each number of minutes until the arrival, called at noon in October."""
    with at(app, code) as area:
        for number in minutes:
            escort = take_call(area, Call("RT 02", id=uuid4()), moment(12, day=2).replace(month=10), by=None)
            escort.arrived_at = escort.called_at.replace(hour=12 + number // 60, minute=number % 60)
        commit()


def test_times_are_told_from_five_escorts_on(desa: Village, app: Flask, clock: Clock, sign_in: SignInAs) -> None:
    escorts(app, MINUTES[:4])
    page = desa.desk.get(url("report")).text
    assert "n 4" in page
    assert "p90 –" in page
    assert "p90 68" not in page
    escorts(app, MINUTES[4:])
    cancelled = desa.call()
    desa.do(cancelled, "cancel", reason="Salah sambung")
    page = desa.desk.get(url("report")).text
    assert re.search(r"15<small>p90 68 · n 5", page)  # by hand: 20 + 0.6 × (100 − 20)
    assert "Oktober" in page
    assert "1 batal" in page
    overview = sign_in("district_officer", "32.01").get("/32.01/").text
    assert "median 15, p90 68 menit (n 5)" in overview
    assert re.search(r"Desa Cibadak</dt><dd>15 · p90 68 \(n 5\)", overview)
    assert "RT 02" not in overview


def test_the_sheet_and_the_terminal_say_the_same_without_names(
    desa: Village, app: Flask, clock: Clock, tmp_path: Path
) -> None:
    escorts(app, MINUTES)
    desa.ended(patient_name="Pak Dadang", condition="Kejang")
    book = CalamineWorkbook.from_filelike(BytesIO(desa.desk.get(url("register.xlsx")).data))
    times, lines = (book.get_sheet_by_index(n).to_python() for n in (0, 1))
    assert times[1][:3] == ["Oktober", 5, 0]
    assert times[1][6:9] == [5, 15, 68]
    assert len(lines) == 1 + 6
    assert not any(word in str(lines) for word in ("Dadang", "Kejang", "RT 02"))
    runner = CliRunner()
    with app.app_context():
        told = runner.invoke(report, ["32.01", "--year", "2026"])
        assert told.exit_code == 0, told.output
        assert f"{VILLAGE}  6 panggilan" in told.output
        assert "tiba 15/68" in told.output
        assert "1 desa, 2026" in told.output
        target = tmp_path / "register.xlsx"
        assert "6 pendampingan" in runner.invoke(register, [VILLAGE, str(target), "--year", "2026"]).output
        assert runner.invoke(report, ["nowhere"]).exit_code == 2
    again = CalamineWorkbook.from_filelike(BytesIO(target.read_bytes()))
    assert again.get_sheet_by_index(1).to_python() == lines
