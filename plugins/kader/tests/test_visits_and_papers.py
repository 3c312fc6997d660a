"""Visits once however often they are sent, and papers looked at before the day at the desk."""

import re
from uuid import uuid4

from core.api import commit, find_person, offered
from core.testing import VILLAGE, Clock, at, make_case

from .conftest import HOME, Family, Field, url


def test_a_visit_that_is_sent_twice_is_one_with_one_next_visit(field: Field, clock: Clock) -> None:
    household = field.family("Aminah").household
    field.assign()
    draft = str(uuid4())
    for _ in range(2):
        assert field.visit(household, draft=draft, next_on="2026-11-19").status_code == 302
    assert field.ask("SELECT count(*) FILTER (WHERE state = 'done') AS n, count(*) AS all FROM kader_visits") == (1, 2)
    page = field.kader.get(url("households", household)).text
    assert f'data-taken="{draft}"' in page
    assert "Ini sudah tercatat sebelumnya" in page
    wrong = (
        {"done_on": "2026-11-13"},
        {"next_on": "2026-11-01"},
        {"draft": "x"},
        {"purpose": "?"},
        {"note": "x" * 601},
    )
    for values in wrong:
        answer = field.visit(household, None, **values)
        assert answer.status_code == 422, values
    assert "Sehat semua" in field.visit(household, done_on="").text  # nothing typed is lost


def test_planned_visits_are_on_the_list_until_done_or_cancelled(field: Field, clock: Clock) -> None:
    household = field.family("Aminah").household
    field.assign()
    plan = {"purpose": "elderly", "user": field.user("Yayah")}
    for day in ("2026-11-12", "2026-11-14"):
        assert field.desk.post(url("households", household, "plan"), data={**plan, "day": day}).status_code == 302
    refused = field.kader.post(
        url("households", household, "plan"), data={**plan, "day": "2026-11-13", "user": field.user("Siti")}
    )
    assert refused.status_code == 422  # a field worker plans for herself
    clock.move(days=1)
    index = field.kader.get(url()).text
    assert "1 hari lewat" in index
    assert re.search(r"Kunjungan saya</b></span><span class=\"tag due\">1<", field.kader.get(HOME).text)
    first, second = (
        field.ask("SELECT id, version FROM kader_visits WHERE planned_on = :day", day=day)
        for day in ("2026-11-12", "2026-11-14")
    )
    done = {"draft": str(first.id), "purpose": "elderly", "done_on": "2026-11-13"}
    for _ in range(2):
        assert field.kader.post(url("visits", first.id, "done"), data=done).status_code == 302
    assert field.ask("SELECT count(*) AS n FROM kader_visits WHERE state = 'done'").n == 1
    reason = {"reason": "Sedang mudik", "version": second.version + 4}
    stale = field.kader.post(url("visits", second.id, "cancel"), data=reason)
    assert stale.status_code == 409
    reason["version"] = second.version
    assert field.kader.post(url("visits", second.id, "cancel"), data=reason).status_code == 302
    gone = field.kader.post(url("visits", second.id, "done"), data={**done, "draft": str(second.id)})
    assert gone.status_code == 422
    assert "sudah dibatalkan" in gone.text
    assert "Tidak ada kunjungan yang menunggu" in field.kader.get(url()).text


def _case(field: Field, family: Family) -> tuple[str, list[str]]:
    """An open case that asks for papers."""
    with at(field.app, VILLAGE) as area:
        asks = {each.name: [p.key for p in each.requirements if p.mandatory] for each in offered(area).values()}
        service = next(each for each in offered(area).values() if len(asks[each.name]) > 1 and not each.restricted_to)
        person = find_person(area.id, family.person)
        assert person
        case = make_case(area, service, person)
        commit()
        return str(case.id), asks[service.name]


def test_what_was_seen_at_home_stands_on_the_case_until_it_is_undone(field: Field) -> None:
    case, papers = _case(field, field.family("Aminah"))
    far, _papers = _case(field, field.family("Bahar", rt="009"))
    field.assign()
    assert "Aminah" in field.kader.get(url("cases")).text
    assert "Bahar" not in field.kader.get(url("cases")).text
    assert field.kader.get(url("cases", far, "papers")).status_code == 404
    draft = str(uuid4())
    look = {"draft": draft, "seen": papers[:1], "note": "KK di rumah orang tua", "coming_on": "2026-11-16"}
    for _ in range(2):
        assert field.kader.post(url("cases", case, "papers"), data=look).status_code == 302
    assert field.ask("SELECT count(*) AS n FROM kader_prechecks").n == 1
    states = "SELECT state FROM case_requirements WHERE case_id = :case AND key = :key"
    assert field.ask(states, case=case, key=papers[0]).state == "given"
    shown = field.desk.get(f"/{VILLAGE}/cases/{case}").text
    assert "Berkas diperiksa di rumah" in shown
    assert "KK di rumah orang tua" in shown
    assert "Yayah" in shown
    for wrong in ({"seen": ["sim_c"]}, {"coming_on": "2026-01-01"}, {"draft": "x"}):
        answer = field.kader.post(
            url("cases", case, "papers"), data={**look, "draft": str(uuid4()), "seen": [], **wrong}
        )
        assert answer.status_code == 422, wrong
    assert field.kader.post(url("checks", draft, "undo")).status_code == 302
    assert field.ask(states, case=case, key=papers[0]).state == "wanted"
    assert field.kader.post(url("checks", draft, "undo")).status_code == 422
    assert "KK di rumah orang tua" not in field.kader.get(url("cases", case, "papers")).text
    assert field.kader.post(url("checks", uuid4(), "undo")).status_code == 404
