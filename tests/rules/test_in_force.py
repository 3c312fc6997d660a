"""What an area has put in the place of a rule's value: for whom it holds, since when, and for which cases."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, event, text, update
from sqlalchemy.exc import ProgrammingError

from core.areas.code import AreaCode
from core.areas.current import CurrentArea
from core.cases.catalogue import find_service, offered
from core.cases.judging import judge_cases
from core.cases.models import Case
from core.cases.screening import screen
from core.clock import today
from core.database.session import commit, db, scope
from core.people.search import family_of
from core.rules.changing import OverrideRefused, end_override, hold_overrides, own_rows, undo
from core.rules.in_force import judged_in
from core.rules.models import RuleOverride
from core.rules.rule import Rule
from core.testing import FOREIGN, SIBLING, VILLAGE, at, make_case, make_person

from .conftest import DISTRICT, FIRST, KECAMATAN, SetValue, rules_of

pytestmark = pytest.mark.usefixtures("areas")

DAY = date(2026, 6, 1)


def rule(app: Flask, code: str, on: date = DAY, plugin: str = "sktm", part: str = "rule") -> Rule:
    with app.app_context(), scope(AreaCode.parse(code)):
        return rules_of(plugin, part).at(on)


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Those that ask for overrides."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.extend([statement] if "rule_overrides" in statement else [])

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


# ---- for whom ----


def test_what_a_district_sets_holds_in_every_village_of_it_and_nowhere_else(app: Flask, set_value: SetValue) -> None:
    set_value(DISTRICT, decile_max=7)
    assert [rule(app, code).decile_max for code in (DISTRICT, KECAMATAN, VILLAGE, SIBLING)] == [7, 7, 7, 7]
    assert rule(app, FOREIGN).decile_max == 5


def test_the_nearest_area_wins(app: Flask, set_value: SetValue) -> None:
    set_value(VILLAGE, decile_max=2)
    set_value(KECAMATAN, decile_max=3)
    set_value(DISTRICT, decile_max=7)
    assert [rule(app, code).decile_max for code in (VILLAGE, KECAMATAN, DISTRICT)] == [2, 3, 7]


def test_what_a_village_sets_reaches_no_other(app: Flask, set_value: SetValue) -> None:
    set_value(VILLAGE, decile_max=2)
    assert [rule(app, code).decile_max for code in (SIBLING, KECAMATAN, DISTRICT, FOREIGN)] == [5, 5, 5, 5]


def test_the_database_shows_a_village_what_lies_above_it_and_nothing_beside_it(app: Flask, set_value: SetValue) -> None:
    for code in (DISTRICT, VILLAGE, SIBLING, FOREIGN):
        set_value(code, decile_max=7)
    seen = text("SELECT area_id FROM rule_overrides ORDER BY area_id")
    with app.app_context(), scope(AreaCode.parse(VILLAGE)):
        assert [str(AreaCode.from_id(n)) for n in db.session.scalars(seen)] == [DISTRICT, VILLAGE]
    with app.app_context():
        assert not db.session.scalars(seen).all()


@pytest.mark.parametrize("target", [SIBLING, KECAMATAN, DISTRICT])
def test_the_database_lets_a_village_write_for_itself_alone(app: Flask, target: str) -> None:
    other = AreaCode.parse(target)
    with app.app_context(), scope(AreaCode.parse(VILLAGE)):
        values = {"area_id": other.id, "area_hi": other.hi, "plugin": "sktm", "part": "rule", "key": "decile_max"}
        content = {"value": 9, "valid_from": FIRST, "source": "-", "certainty": "plausible", "user_name": "-"}
        db.session.add(RuleOverride(**values, **content))
        with pytest.raises(ProgrammingError, match="row-level security"):
            db.session.flush()


def test_what_was_decided_cannot_be_rewritten(app: Flask, set_value: SetValue) -> None:
    set_value(DISTRICT, decile_max=7)
    for statement in (update(RuleOverride).values(value=9), delete(RuleOverride)):
        with app.app_context(), scope(AreaCode.parse(DISTRICT)), pytest.raises(ProgrammingError, match="permission"):
            db.session.execute(statement)


def test_it_holds_in_every_process_from_the_next_request_on(
    app: Flask, set_value: SetValue, owner_engine: Engine
) -> None:
    """Written by another connection, between two transactions of this one."""
    with app.app_context(), scope(AreaCode.parse(VILLAGE)):
        assert rules_of("sktm").at(DAY).decile_max == 5
        with owner_engine.begin() as other:
            other.execute(text("SET LOCAL puskesos.lo = '3201000000'; SET LOCAL puskesos.hi = '3201999999'"))
            other.execute(
                text(
                    "INSERT INTO rule_overrides (id, area_id, area_hi, plugin, part, key, value, valid_from, source,"
                    " certainty, user_name) VALUES (gen_random_uuid(), 3201000000, 3201999999, 'sktm', 'rule',"
                    " 'decile_max', '8', '2026-01-01', 'Perbup', 'plausible', 'Rina')"
                )
            )
        assert rules_of("sktm").at(DAY).decile_max == 5
        db.session.rollback()
        assert rules_of("sktm").at(DAY).decile_max == 8


# ---- since when ----


@pytest.mark.parametrize(
    ("on", "decile"),
    [(date(2026, 2, 28), 5), (date(2026, 3, 1), 7), (date(2026, 3, 31), 7), (date(2026, 4, 1), 5)],
)
def test_it_holds_from_its_first_day_to_its_last(app: Flask, set_value: SetValue, on: date, decile: int) -> None:
    set_value(DISTRICT, decile_max=7, since=date(2026, 3, 1), until=date(2026, 3, 31))
    assert rule(app, VILLAGE, on).decile_max == decile


def test_of_two_that_hold_the_later_one_counts_while_it_lasts(app: Flask, set_value: SetValue) -> None:
    set_value(DISTRICT, decile_max=7)
    set_value(DISTRICT, decile_max=9, since=date(2026, 3, 1), until=date(2026, 3, 31))
    days = [date(2026, 2, 1), date(2026, 3, 15), date(2026, 4, 1)]
    assert [rule(app, VILLAGE, day).decile_max for day in days] == [7, 9, 7]


def test_one_that_begins_on_the_same_day_takes_the_place_of_the_other(app: Flask, set_value: SetValue) -> None:
    set_value(DISTRICT, decile_max=7)
    set_value(DISTRICT, decile_max=6)
    assert rule(app, VILLAGE).decile_max == 6


def test_what_is_ended_or_undone_holds_no_more_and_stays_in_the_history(app: Flask, set_value: SetValue) -> None:
    set_value(DISTRICT, decile_max=7)
    area, rules = AreaCode.parse(DISTRICT), rules_of("sktm")

    def latest() -> object:
        return own_rows(area, rules, "decile_max")[-1]

    def deed(work: object, *arguments: object) -> None:
        with app.app_context(), scope(area):
            hold_overrides()
            work(area, rules, latest(), *arguments)  # pyright: ignore[reportCallIssue]
            commit()

    deed(end_override, date(2026, 5, 31))
    assert [rule(app, VILLAGE, day).decile_max for day in (date(2026, 5, 31), DAY)] == [7, 5]
    deed(undo)  # the ending
    assert rule(app, VILLAGE).decile_max == 7
    with app.app_context(), scope(area):
        first = own_rows(area, rules, "decile_max")[0]
        with pytest.raises(OverrideRefused, match="diubah lagi"):
            undo(area, rules, first)
    set_value(DISTRICT, fee=5_000)
    with app.app_context(), scope(area):
        hold_overrides()
        undo(area, rules, own_rows(area, rules, "fee")[-1])
        commit()
    assert rule(app, VILLAGE).fee == 0
    with app.app_context(), scope(area):
        assert [row.withdrawn for row in own_rows(area, rules, "fee")] == [False, True]


# ---- what a plugin sees ----


def test_the_rule_says_which_values_are_whose(app: Flask, set_value: SetValue) -> None:
    set_value(DISTRICT, decile_max=7)
    found = rule(app, VILLAGE)
    assert (found.decile_max, found.valid_days, found.certainty) == (7, 30, "plausible")
    [override] = found.overrides
    assert (override.area_title, override.source, override.certainty) == (
        "Kabupaten Bogor",
        "Perbup 12/2026",
        "plausible",
    )
    assert (str(override.title), override.text) == ("Desil tertinggi", "7")
    assert found.version.endswith("; decile_max = 7 (32.01, 2026-01-01 Perbup 12/2026)")
    assert rules_of("sktm").declared_at(DAY).decile_max == 5


def test_one_entry_of_a_table_can_be_set_alone(app: Flask, set_value: SetValue) -> None:
    set_value(DISTRICT, plugin="pkh", amount__sd=1_000_000)
    found = rule(app, VILLAGE, plugin="pkh")
    assert (found.amount["sd"], found.amount["smp"]) == (1_000_000, 1_500_000)


def test_what_the_plugin_no_longer_has_as_such_is_left_out(app: Flask, owner_engine: Engine) -> None:
    with owner_engine.begin() as owner:
        owner.execute(text("SET LOCAL puskesos.lo = '3201000000'; SET LOCAL puskesos.hi = '3201999999'"))
        for key, value in (("decile_max", '"tujuh"'), ("gone", "1")):
            owner.execute(
                text(
                    "INSERT INTO rule_overrides (id, area_id, area_hi, plugin, part, key, value, valid_from, source,"
                    " certainty, user_name) VALUES (gen_random_uuid(), 3201000000, 3201999999, 'sktm', 'rule',"
                    " :key, CAST(:value AS jsonb), '2026-01-01', 'Perbup', 'plausible', 'Rina')"
                ),
                {"key": key, "value": value},
            )
    found = rule(app, VILLAGE)
    assert (found.decile_max, found.overrides) == (5, ())


def test_outside_of_any_area_a_rule_says_what_its_file_says(app: Flask, set_value: SetValue) -> None:
    set_value(DISTRICT, decile_max=7)
    assert rules_of("sktm").at(DAY).decile_max == 5


@pytest.mark.parametrize(
    ("key", "value"),
    [("decile_max", "7"), ("decile_max", -1), ("nothing", 1), ("stages", ((1, 2),)), ("counted_on", "middle")],
)
def test_what_does_not_fit_cannot_be_set(set_value: SetValue, key: str, value: object) -> None:
    with pytest.raises(OverrideRefused):
        set_value(DISTRICT, plugin="pkh", **{key: value})


# ---- cases and families ----


def test_a_service_promises_what_the_district_has_set(app: Flask, set_value: SetValue) -> None:
    set_value(DISTRICT, time_days=9, fee=2_000, classification="999")
    with at(app, VILLAGE) as area:
        service = find_service("sktm.letter")
        assert service
        lines = {part.key: [str(line) for line in part.lines] for part in service.standard_components}
        assert lines["time"] == ["9 hari kerja sejak berkas lengkap"]
        assert lines["fee"] == ["Rp 2.000"]
        case = make_case(area, service, make_person(area.id))
        assert case.due_on > today() + timedelta(days=9)
    assert service.standard_components[2].lines != lines["time"]


def test_a_case_keeps_the_values_under_which_it_was_opened(app: Flask, set_value: SetValue) -> None:
    with at(app, VILLAGE) as area:
        service = find_service("sktm.letter")
        assert service
        before = make_case(area, service, make_person(area.id)).id
        commit()
    set_value(DISTRICT, decile_max=7)
    with at(app, VILLAGE) as area:
        after = make_case(area, service, make_person(area.id, "Enok")).id
        commit()
    with at(app, VILLAGE) as area:
        first, second = (db.session.get_one(Case, (area.id, key)) for key in (before, after))
        assert "decile_max" not in str(first.rule_version)
        assert "decile_max = 7 (32.01" in str(second.rule_version)
        judged = judge_cases(area, service, [first, second])
        old, new = judged[before], judged[after]
        assert old
        assert new
        assert old.rule
        assert new.rule
        assert (old.rule.decile_max, old.changed_since) == (5, True)
        assert (new.rule.decile_max, new.changed_since) == (7, False)


def test_a_district_that_judges_many_villages_does_so_by_each_ones_values(app: Flask, set_value: SetValue) -> None:
    set_value(DISTRICT, decile_max=7)
    set_value(SIBLING, decile_max=2)
    with statements(app) as asked, app.app_context(), scope(AreaCode.parse(DISTRICT)):
        found = []
        for code in (VILLAGE, SIBLING):
            with judged_in(AreaCode.parse(code).id):
                found.append(rules_of("sktm").at(DAY).decile_max)
        assert found == [7, 2]
        assert rules_of("sktm").at(DAY, AreaCode.parse(SIBLING)).decile_max == 2
    assert len(asked) == 1


def test_screening_a_family_for_all_programmes_asks_once(village: CurrentArea, app: Flask, set_value: SetValue) -> None:
    set_value(DISTRICT, decile_max=7)
    person = make_person(village.id)
    with statements(app) as asked:
        screening = screen(offered(village), person, family_of(person), today())
        assert len(screening.programmes) > 5
        rules = {programme.service.name: programme.rule for programme in screening.programmes}
        assert rules["sktm.letter"]
        assert rules["sktm.letter"].decile_max == 7
    assert len(asked) == 1
