"""Changes at database level: what a plan foretells happens, an undo restores exactly, and after any sequence of both
each area's stored set is the one that all settings together say."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from core.areas.code import AreaCode
from core.areas.models import Area, ModuleChange, ModuleSetting
from core.areas.modules import recompute, set_module
from core.cases.catalogue import find_service
from core.database.session import commit, db, scope
from core.enablement import Setting, effective_sets
from core.modules.agreement import ModulesDisagree
from core.modules.changes import AlreadyUndone, ChangedSince, apply_plan, find_change, history, undo
from core.modules.plans import Impact, Plan, plan_wish
from core.modules.wishes import Cell, Lock, State, Wish
from core.testing import AREAS, FOREIGN, SIBLING, VILLAGE, at, make_case, make_person

from .conftest import NAMED, Put

DISTRICT, KECAMATAN = "32.01", "32.01.15"


@pytest.fixture
def district(app: Flask, areas: None) -> Iterator[None]:
    """In the scope of Kabupaten Bogor, where all modules are on because the province says so."""
    with app.app_context(), scope(AreaCode.parse(DISTRICT)):
        yield
        db.session.rollback()


def plan(module: str, *codes: str, **wanted: object) -> Plan:
    cells = tuple(Cell(AreaCode.parse(code), module) for code in codes)
    return plan_wish(Wish(cells, **wanted))  # pyright: ignore[reportArgumentType]


def impact(found: Plan, module: str) -> Impact:
    [item] = [item for item in found.impacts if item.module == module]
    return item


def ids(places: tuple) -> list[str]:
    return [str(AreaCode.from_id(place.id)) for place in places]


def stored() -> dict[int, frozenset[str]]:
    return {row.id: frozenset(row.enabled) for row in db.session.execute(select(Area.id, Area.enabled))}


def all_settings() -> set[Setting]:
    found = db.session.scalars(select(ModuleSetting).execution_options(populate_existing=True))
    return {Setting(s.area_id, s.module, s.enabled, s.locked) for s in found}


def derived() -> dict[int, frozenset[str]]:
    """What all settings together say, worked out from nothing."""
    parents = {row.id: row.parent_id for row in db.session.execute(select(Area.id, Area.parent_id))}
    return effective_sets(parents, all_settings())


# ---- what a plan foretells ----


def test_a_plan_counts_where_a_module_stops_and_what_stays_because_it_deviates(put: Put, district: None) -> None:
    put(VILLAGE, "school", True)
    found = impact(plan("school", DISTRICT, state=State.OFF), "school")
    assert (ids(found.on), ids(found.off), ids(found.deviating)) == ([], [SIBLING], [VILLAGE])


def test_a_plan_names_what_stops_with_the_module_that_it_requires(put: Put, district: None) -> None:
    found = plan("pantry", DISTRICT, state=State.OFF)
    assert [(item.module, item.chosen, ids(item.off)) for item in found.impacts] == [
        ("alms", False, [VILLAGE, SIBLING]),
        ("pantry", True, [VILLAGE, SIBLING]),
    ]


def test_a_plan_names_where_a_module_would_be_on_and_not_run(put: Put, district: None) -> None:
    put(DISTRICT, "pantry", False)
    put(DISTRICT, "alms", False)
    found = impact(plan("alms", VILLAGE, state=State.ON), "alms")
    assert (ids(found.on), ids(found.idle)) == ([], [VILLAGE])


def test_a_plan_counts_what_a_lock_from_above_keeps(put: Put, district: None) -> None:
    put(KECAMATAN, "school", True, locked=True)
    found = plan("school", VILLAGE, SIBLING, state=State.OFF)
    assert found.changes_nothing
    assert ids(impact(found, "school").locked) == [VILLAGE, SIBLING]
    assert set(found.refused.values()) == {AreaCode.parse(KECAMATAN).id}


def test_a_plan_counts_the_deviations_that_stay_and_those_that_would_go(put: Put, district: None) -> None:
    put(VILLAGE, "school", False)
    put(VILLAGE, "visits", False)
    kept = plan("school", DISTRICT, state=State.ON)
    assert [len(kept.kept), len(kept.removed)] == [1, 0]
    cleared = plan("school", DISTRICT, state=State.ON, clear_below=True)
    assert [len(cleared.kept), len(cleared.removed)] == [0, 1]
    assert ids(impact(cleared, "school").on) == [VILLAGE]


def test_a_plan_counts_the_open_cases_where_the_module_stops(app: Flask, put: Put) -> None:
    service = find_sktm(app)
    for code, count in ((VILLAGE, 2), (SIBLING, 1), (FOREIGN, 4)):
        with at(app, code) as area:
            for _ in range(count):
                make_case(area, service, make_person(area.id))
            commit()
    put(SIBLING, "sktm", True)
    with app.app_context(), scope(AreaCode.parse(DISTRICT)):
        found = impact(plan("sktm", DISTRICT, state=State.OFF), "sktm")
        assert (found.cases, found.villages_with_cases) == (2, 1)
        found = impact(plan("sktm", DISTRICT, state=State.OFF, clear_below=True), "sktm")
        assert (found.cases, found.villages_with_cases) == (3, 2)


def find_sktm(app: Flask):
    with app.app_context():
        service = find_service("sktm.letter")
        assert service
        return service


def test_a_plan_reads_only(district: None) -> None:
    before = all_settings()
    plan("school", DISTRICT, state=State.OFF, lock=Lock.LOCK)
    assert (all_settings(), stored()) == (before, derived())


def test_a_fingerprint_tells_whether_anything_has_become_different(put: Put, district: None) -> None:
    first = plan("school", DISTRICT, state=State.OFF).fingerprint
    assert plan("school", DISTRICT, state=State.OFF).fingerprint == first
    put(FOREIGN, "school", False)
    assert plan("school", DISTRICT, state=State.OFF).fingerprint == first
    put(VILLAGE, "school", True)
    assert plan("school", DISTRICT, state=State.OFF).fingerprint != first


# ---- doing and undoing ----


def test_what_a_plan_foretells_happens(district: None) -> None:
    todo = plan("school", KECAMATAN, state=State.OFF, lock=Lock.LOCK)
    change = apply_plan(todo, "Rapat")
    for village in (VILLAGE, SIBLING):
        assert "school" not in stored()[AreaCode.parse(village).id]
    assert (change.villages_on, change.villages_off, change.area_id) == (0, 2, AreaCode.parse(KECAMATAN).id)


def test_an_undo_restores_exactly_and_is_undone_itself(put: Put, district: None) -> None:
    put(VILLAGE, "school", False)
    put(KECAMATAN, "school", True, locked=False)
    before = all_settings()
    change = apply_plan(plan("school", DISTRICT, state=State.OFF, lock=Lock.LOCK, clear_below=True), "Rapat")
    during = all_settings()
    back = undo(change)
    assert all_settings() == before
    assert (back.villages_on, back.villages_off) == (1, 0)
    assert stored() == derived()
    undo(back)
    assert all_settings() == during


def test_a_change_is_undone_once(district: None) -> None:
    change = apply_plan(plan("school", VILLAGE, state=State.OFF), "Rapat")
    undo(change)
    with pytest.raises(AlreadyUndone):
        undo(change)


def test_what_was_changed_since_is_not_undone_and_is_named(district: None) -> None:
    change = apply_plan(plan("school", VILLAGE, SIBLING, state=State.OFF), "Rapat")
    apply_plan(plan("school", VILLAGE, state=State.ON), "Ternyata perlu")
    before = all_settings()
    with pytest.raises(ChangedSince) as raised:
        undo(change)
    [step] = raised.value.steps
    village = AreaCode.parse(VILLAGE).id
    assert (step.before, step.after) == (Setting(village, "school", False), Setting(village, "school", True))
    assert all_settings() == before


def test_other_settings_that_were_changed_since_do_not_hinder(put: Put, district: None) -> None:
    change = apply_plan(plan("school", VILLAGE, state=State.OFF), "Rapat")
    apply_plan(plan("school", SIBLING, state=State.OFF), "Rapat")
    undo(change)
    assert "school" in stored()[AreaCode.parse(VILLAGE).id]


def test_the_history_of_an_area_holds_what_lies_in_it_the_newest_first(district: None) -> None:
    wide = apply_plan(plan("school", DISTRICT, state=State.OFF), "Satu").id
    narrow = apply_plan(plan("visits", VILLAGE, state=State.OFF), "Dua").id
    both = apply_plan(plan("pantry", VILLAGE, SIBLING, state=State.OFF), "Tiga").id

    def listed(code: str) -> list[UUID]:
        return [entry.change.id for entry in history(AreaCode.parse(code)).rows]

    assert listed(DISTRICT) == [both, narrow, wide]
    assert listed(KECAMATAN) == [both, narrow]
    assert listed(VILLAGE) == [narrow]
    assert listed(SIBLING) == []
    assert find_change(AreaCode.parse(SIBLING), narrow) is None


def test_the_history_goes_on_page_by_page(district: None) -> None:
    for number in range(27):
        apply_plan(plan("school", VILLAGE, state=State.OFF if number % 2 else State.ON), f"{number}")
    first = history(AreaCode.parse(DISTRICT))
    second = history(AreaCode.parse(DISTRICT), first.rows[-1].change.id)
    assert [len(first.rows), len(second.rows)] == [25, 2]
    assert [first.next is None, second.next is None] == [False, True]


# ---- after any sequence ----

CODES = [code for code, *_rest in AREAS]
codes = st.sampled_from(CODES)
modules = st.sampled_from([*NAMED, "sktm"])


class Changes(RuleBasedStateMachine):
    """Anything that may happen to settings, at any level, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[UUID] = []
        self.added = 0

    @rule(code=codes, module=modules, enabled=st.sampled_from([True, False, None]), locked=st.booleans())
    def set_one(self, code: str, module: str, enabled: bool | None, locked: bool) -> None:
        set_module(AreaCode.parse(code), module, enabled=enabled, locked=locked)

    @rule(
        cells=st.lists(st.tuples(codes, modules), min_size=1, max_size=4, unique=True),
        state=st.sampled_from(State),
        lock=st.sampled_from(Lock),
        clear_below=st.booleans(),
    )
    def change_several(self, cells: list[tuple[str, str]], state: State, lock: Lock, clear_below: bool) -> None:
        areas = [AreaCode.parse(code) for code, _module in cells]
        if (state == State.INHERIT and lock == Lock.LOCK) or (state, lock, clear_below) == (
            State.KEEP,
            Lock.KEEP,
            False,
        ):
            return
        todo = plan_wish(
            Wish(tuple(Cell(a, m) for a, (_c, m) in zip(areas, cells, strict=True)), state, lock, clear_below)
        )
        before = stored()
        if todo.changes_nothing:
            return
        self.done.append(apply_plan(todo, "-").id)
        on, off = ({p.id for i in todo.impacts for p in getattr(i, side)} for side in ("on", "off"))
        after = stored()
        moved = {area for area in after if before[area] != after[area] and area % 10_000}
        assert on | off <= moved, "what was foretold is what happened"

    @precondition(lambda self: self.done)
    @rule(data=st.data())
    def undo_one(self, data: st.DataObject) -> None:
        change = db.session.get_one(ModuleChange, data.draw(st.sampled_from(self.done)))
        try:
            back = undo(change)
        except (AlreadyUndone, ChangedSince, ModulesDisagree):
            return
        self.done.append(back.id)

    @rule(module=modules)
    def provision_a_village(self, module: str) -> None:
        self.added += 1
        code = AreaCode.parse(f"32.01.15.{2100 + self.added}")
        parent = code.parent
        assert parent
        db.session.add(
            Area(id=code.id, hi=code.hi, level=4, code=str(code), name="Baru", kind="desa", parent_id=parent.id)
        )
        db.session.flush()
        recompute(code)

    @invariant()
    def each_area_has_what_its_settings_say(self) -> None:
        assert stored() == derived()

    def teardown(self) -> None:
        db.session.rollback()


def test_after_any_changes_each_area_has_what_its_settings_say(app: Flask, areas: None) -> None:
    with app.app_context():
        run_state_machine_as_test(
            Changes,
            settings=settings(
                max_examples=20, stateful_step_count=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
            ),
        )
