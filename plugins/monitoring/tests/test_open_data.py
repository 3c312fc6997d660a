"""What anybody may read: nothing of a village that does not publish, no small count, and nothing that tells one."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from core.testing import SIBLING, VILLAGE, Clock, SignInAs, at, switch_off
from core.testing.reading import tagged
from plugins.monitoring.commands import open_data as open_data_command
from plugins.monitoring.roll_up import roll_up

from .conftest import fill_october, moment

URL = "/32.01/monitoring/open"


@pytest.fixture
def published(app: Flask, areas: None, clock: Clock, sign_in: SignInAs) -> FlaskClient:
    """October of two villages, in December, both published; as anybody."""
    clock.set(moment("2026-11-20"))
    fill_october(app, VILLAGE, received=30, solved=26, referred=3)
    fill_october(app, SIBLING, received=20, solved=18, referred=0)
    clock.set(moment("2026-12-02"))
    for code in (VILLAGE, SIBLING):
        with at(app, code) as area:
            roll_up(area)
        settings(sign_in, code, publish="y")
    return app.test_client()


def settings(sign_in: SignInAs, code: str, **fields: str) -> None:
    head = sign_in("village_head", code)
    address = f"/{code}/settings/monitoring"
    fingerprint = head.get(address).text.split('name="fingerprint" value="')[1].split('"')[0]
    answer = head.post(address, data={"fingerprint": fingerprint, "licence": "CC BY 4.0", **fields})
    assert answer.status_code == 302, answer.text


def rows_of(client: FlaskClient, query: str = "") -> dict[tuple[str, str, str, str], Any]:
    answer = client.get(f"{URL}.json{query}")
    assert answer.status_code == 200
    return {(row["area"], row["measure"], row["by"], row["key"]): row["count"] for row in answer.get_json()["rows"]}


def test_small_counts_are_hidden_and_what_tells_them(published: FlaskClient) -> None:
    rows = rows_of(published)
    assert rows["32.01", "received", "total", ""] == 50
    assert rows[VILLAGE, "received", "total", ""] == 30
    assert rows[VILLAGE, "received", "sex", "P"] == 30
    assert rows[VILLAGE, "closed", "result", "elsewhere"] is None  # 3
    assert rows[VILLAGE, "closed", "result", "local"] is None  # else 26 - 23
    assert rows[VILLAGE, "closed", "total", ""] == 26
    assert rows["32.01", "closed", "result", "elsewhere"] is None
    assert rows[SIBLING, "closed", "result", "elsewhere"] == 0
    assert rows["32.01", "closed", "result", "local"] is None  # else this less the neighbour's
    assert rows[SIBLING, "closed", "result", "local"] == 18
    assert not any(count is not None and 0 < count < 5 for count in rows.values())


def test_page_and_file_say_the_same_of_an_area(published: FlaskClient, app: Flask, tmp_path: Path) -> None:
    rows = rows_of(published, f"?inside={VILLAGE}")
    assert {key[0] for key in rows} == {VILLAGE}
    file = list(csv.DictReader(StringIO(published.get(f"{URL}.csv?inside={VILLAGE}").text)))
    told = {(row["area"], row["measure"], row["by"], row["key"]): row for row in file}
    assert {key: int(row["count"]) if row["count"] else None for key, row in told.items()} == rows
    assert all((row["count"] == "") == (row["hidden"] == "1") for row in file)
    page = published.get(f"{URL}?inside={VILLAGE}")
    said = tagged(page.text)
    assert "kasus diterima 30" in said
    assert "selesai lewat rujukan disembunyikan" in said
    assert "Lisensi: CC BY 4.0" in said
    assert "public" in page.headers["Cache-Control"]
    with app.app_context():
        target = tmp_path / "data.csv"
        assert CliRunner().invoke(open_data_command, [VILLAGE, str(target)]).exit_code == 0
    assert list(csv.DictReader(StringIO(target.read_text()))) == file


def test_only_villages_that_publish_and_only_past_months(published: FlaskClient, sign_in: SignInAs) -> None:
    assert published.get(f"{URL}?month=2026-11").status_code == 404
    assert published.get(f"{URL}?inside=32.02").status_code == 404
    assert published.get(f"/{VILLAGE}/monitoring/open").location == f"{URL}?inside={VILLAGE}"
    assert published.get("/32.01.15/monitoring/open.csv").location == f"{URL}.csv?inside=32.01.15"
    settings(sign_in, SIBLING)
    rows = rows_of(published)
    assert not any(key[0] == SIBLING for key in rows)
    assert rows["32.01", "received", "total", ""] == 30


def test_it_is_gone_where_the_module_is_off(published: FlaskClient, app: Flask) -> None:
    switch_off(app, "monitoring")
    assert published.get(f"/{VILLAGE}/monitoring/open").status_code == 404
    assert not any(key[0] == VILLAGE for key in rows_of(published))


def test_nobody_asks_too_often(limited: Flask, areas: None) -> None:
    client = limited.test_client()
    answers = [client.get(f"{URL}.json").status_code for _ in range(61)]
    assert (answers[0], answers[-1]) == (200, 429)
