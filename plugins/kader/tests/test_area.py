"""Whose RT/RW, and what stands at its doors."""

import re
from datetime import date

from sqlalchemy import event

from core.api import db
from core.testing import SignInAs

from .conftest import Field, url


def test_a_field_worker_sees_her_own_rt_and_nothing_else(field: Field) -> None:
    near = field.family("Aminah", birth_date=date(1950, 1, 1))
    far = field.family("Bahar", rt="009")
    empty = field.kader.get(url("area")).text
    assert "Anda belum punya wilayah tugas" in empty
    assert "Minta kepala desa" in empty
    assert field.kader.get(url("households", near.household)).status_code == 404
    assert field.assign().status_code == 302
    page = field.kader.get(url("area")).text
    assert "Aminah" in page
    assert "Bahar" not in page
    assert "lansia" in page
    assert "Belum pernah dikunjungi" in page
    assert "3201155507" not in page  # no NIK
    for path in (
        f"households/{far.household}",
        f"households/{far.household}/visit",
        f"households/{far.household}/plan",
    ):
        assert field.kader.get(url(path)).status_code == 404
        assert field.desk.get(url(path)).status_code == 200
    for about in (f"household={far.household}", f"person={far.person}", "person=x"):
        assert field.kader.get(url(f"findings/new?{about}")).status_code == 404
    assert field.visit(far.household).status_code == 404
    assert "Bahar" in field.desk.get(url("area?q=bah")).text
    assert "Aminah" not in field.desk.get(url("area?q=bah")).text
    assert "Bahar" in field.desk.get(url("area")).text


def test_a_whole_rw_and_a_group_of_households_are_an_area_too(field: Field) -> None:
    inside = field.family("Aminah", rt="009")
    named = field.family("Bahar", rw="001")
    assert field.assign("Yayah", "005/").status_code == 302
    assert field.kader.get(url("households", inside.household)).status_code == 200
    group = field.assign("Yayah", kind="dasawisma", places=[], group_name="Dasawisma Melati").location
    assert "Bahar" in field.desk.get(f"{group}?q=bahar").text
    for _ in range(2):
        assert field.desk.post(f"{group}/{named.household}").status_code == 302
    assert field.ask("SELECT count(*) AS n FROM kader_group_households").n == 1
    page = field.kader.get(url("area")).text
    assert "Bahar" in page
    assert "Dasawisma Melati" in page
    assert field.desk.post(f"{group}/{named.household}/remove").status_code == 302
    assert field.desk.post(f"{group}/{named.household}/remove").status_code == 404
    assert field.kader.get(url("households", named.household)).status_code == 404


def test_two_may_have_one_rt_what_is_over_is_history_and_a_stale_page_says_so(field: Field, sign_in: SignInAs) -> None:
    household = field.family("Aminah").household
    field.family("Bahar", rt="003")
    sign_in("field_worker", name="Dedi")
    field.assign("Yayah")
    assert "Semua RT/RW itu sudah menjadi tugasnya" in field.assign("Yayah").text
    field.assign("Dedi", "005/")
    page = field.desk.get(url("assignments")).text
    assert re.search(r"Juga ditugasi:\s+Dedi", page)
    assert "belum ada kadernya" not in page  # the whole RW has somebody
    row = field.ask("SELECT id, version FROM kader_assignments WHERE rt = '002'")
    stale = field.desk.post(url("assignments", row.id, "end"), data={"version": row.version + 1})
    assert stale.status_code == 409
    assert "sudah mengubahnya" in stale.text
    assert field.desk.post(url("assignments", row.id, "end"), data={"version": row.version}).status_code == 302
    again = field.desk.post(url("assignments", row.id, "end"), data={"version": row.version + 1})
    assert again.status_code == 422
    assert field.kader.get(url("households", household)).status_code == 404
    history = field.desk.get(url("assignments?show=over")).text
    assert "Yayah" in history
    assert "sampai 11 Nov 2026" in history
    for wrong in (
        {"ends_on": "2026-10-01"},
        {"starts_on": "2062-11-01"},
        {"kind": "rt"},
        {"places": []},
    ):
        assert field.assign("Dedi", **wrong).status_code == 422


def test_a_page_of_households_takes_the_same_queries_for_one_and_for_many(field: Field) -> None:
    field.family("Aminah")
    field.assign("Yayah", "005/")
    first = _queries(field, "area")
    for number in range(27):
        family = field.family(f"Warga {number}", rt=f"{number % 3 + 1:03d}")
        field.visit(family.household)
    assert _queries(field, "area") == first
    page = field.kader.get(url("area")).text
    after = re.search(r'rel="next" href="([^"]+)"', page)
    assert after
    second = field.kader.get(after[1].replace("&amp;", "&")).text
    assert len(re.findall(r"/households/", page)) == 25
    assert len(re.findall(r"/households/", second)) == 3
    assert "Kunjungan terakhir 12 Nov 2026" in page


def _queries(field: Field, path: str) -> int:
    asked: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest: object) -> None:
        asked.append(statement)

    with field.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert field.kader.get(url(path)).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(asked)
