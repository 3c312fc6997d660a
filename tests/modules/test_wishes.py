"""What a wish makes of the settings: from the top down, never against a lock from above."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.code import AreaCode
from core.enablement import Setting, effective
from core.modules.wishes import Cell, EmptyWish, Lock, Outcome, Settings, State, Wish, outcome

PROVINCE, DISTRICT, KECAMATAN, VILLAGE, SIBLING = (
    AreaCode.parse(code) for code in ("32", "32.01", "32.01.15", "32.01.15.2008", "32.01.15.2010")
)
CHAIN = [PROVINCE.id, DISTRICT.id, KECAMATAN.id, VILLAGE.id]


def at(area: AreaCode, *, on: bool, locked: bool = False, module: str = "school") -> Setting:
    return Setting(area.id, module, on, locked)


def given_settings(*settings: Setting) -> Settings:
    return {(setting.area_id, setting.module): setting for setting in settings}


def wish(*areas: AreaCode, before: Settings | None = None, **wanted: object) -> Outcome:
    cells = tuple(Cell(area, "school") for area in areas)
    return outcome(Wish(cells, **wanted), before or {})  # pyright: ignore[reportArgumentType]


def test_on_off_and_inherit_set_and_remove_the_areas_own_setting() -> None:
    on = wish(VILLAGE, SIBLING, state=State.ON).settings
    assert on == given_settings(at(VILLAGE, on=True), at(SIBLING, on=True))
    off = wish(VILLAGE, state=State.OFF, before=on).settings
    assert off == given_settings(at(VILLAGE, on=False), at(SIBLING, on=True))
    assert wish(VILLAGE, state=State.INHERIT, before=off).settings == given_settings(at(SIBLING, on=True))


def test_other_modules_are_not_touched() -> None:
    pantry = at(VILLAGE, on=True, module="pantry")
    found = wish(DISTRICT, state=State.OFF, clear_below=True, before=given_settings(pantry)).settings
    assert found == given_settings(pantry, at(DISTRICT, on=False))


def test_under_a_lock_from_above_nothing_changes_and_the_topmost_locker_is_named() -> None:
    before = given_settings(at(PROVINCE, on=True, locked=True), at(DISTRICT, on=False, locked=True))
    found = wish(KECAMATAN, VILLAGE, state=State.OFF, before=before)
    assert found.settings == before
    assert set(found.refused.values()) == {PROVINCE.id}
    assert {cell.area for cell in found.refused} == {KECAMATAN, VILLAGE}


def test_whoever_stands_where_the_lock_is_may_change_and_open_it() -> None:
    before = given_settings(at(DISTRICT, on=True, locked=True))
    assert wish(DISTRICT, state=State.OFF, before=before).settings == given_settings(
        at(DISTRICT, on=False, locked=True)
    )
    assert wish(DISTRICT, lock=Lock.UNLOCK, before=before).settings == given_settings(at(DISTRICT, on=True))


def test_a_lock_and_what_it_locks_are_changed_in_one_wish() -> None:
    before = given_settings(at(DISTRICT, on=True, locked=True))
    found = wish(VILLAGE, DISTRICT, state=State.OFF, lock=Lock.UNLOCK, before=before)
    assert found.refused == {}
    assert found.settings == given_settings(at(DISTRICT, on=False), at(VILLAGE, on=False))


def test_what_the_same_wish_locks_needs_no_setting_of_its_own() -> None:
    found = wish(VILLAGE, DISTRICT, state=State.ON, lock=Lock.LOCK)
    assert found.refused == {}
    assert found.settings == given_settings(at(DISTRICT, on=True, locked=True))


def test_to_lock_what_only_inherits_sets_it_to_what_it_inherits() -> None:
    before = given_settings(at(DISTRICT, on=True))
    found = wish(KECAMATAN, lock=Lock.LOCK, before=before).settings
    assert found[KECAMATAN.id, "school"] == at(KECAMATAN, on=True, locked=True)
    assert wish(KECAMATAN, lock=Lock.LOCK).settings == given_settings(at(KECAMATAN, on=False, locked=True))


def test_to_unlock_what_has_no_setting_makes_none() -> None:
    assert wish(KECAMATAN, lock=Lock.UNLOCK).settings == {}


def test_a_village_is_never_locked() -> None:
    assert wish(VILLAGE, state=State.ON, lock=Lock.LOCK).settings == given_settings(at(VILLAGE, on=True))


def test_deviations_below_go_only_when_that_is_asked_for() -> None:
    before = given_settings(at(KECAMATAN, on=False, locked=True), at(VILLAGE, on=False), at(PROVINCE, on=False))
    kept = wish(DISTRICT, state=State.ON, before=before).settings
    assert kept == given_settings(*before.values(), at(DISTRICT, on=True))
    cleared = wish(DISTRICT, state=State.ON, clear_below=True, before=before).settings
    assert cleared == given_settings(at(PROVINCE, on=False), at(DISTRICT, on=True))


def test_a_cell_below_another_keeps_its_own_wish_when_deviations_are_cleared() -> None:
    found = wish(VILLAGE, DISTRICT, state=State.ON, clear_below=True, before=given_settings(at(SIBLING, on=False)))
    assert found.settings == given_settings(at(DISTRICT, on=True), at(VILLAGE, on=True))


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ((), {"state": State.ON}),
        ((Cell(VILLAGE, "school"),), {}),
        ((Cell(DISTRICT, "school"),), {"state": State.INHERIT, "lock": Lock.LOCK}),
    ],
)
def test_a_wish_must_want_something_that_can_be(cells: tuple[Cell, ...], wanted: dict) -> None:
    with pytest.raises(EmptyWish):
        Wish(cells, **wanted)


settings_of_the_chain = st.dictionaries(
    st.sampled_from(CHAIN), st.tuples(st.booleans(), st.booleans()), max_size=4
).map(lambda found: {(area, "school"): Setting(area, "school", *values) for area, values in found.items()})


@given(settings_of_the_chain, st.sampled_from([DISTRICT, KECAMATAN, VILLAGE]), st.booleans(), st.booleans())
def test_what_is_wished_holds_there_unless_it_is_refused(
    before: Settings, area: AreaCode, on: bool, lock: bool
) -> None:
    found = wish(area, state=State.ON if on else State.OFF, lock=Lock.LOCK if lock else Lock.KEEP, before=before)
    chain = CHAIN[: CHAIN.index(area.id) + 1]
    origin = effective(chain, found.settings.values())["school"]
    if found.refused:
        assert origin.locked_by in found.refused.values()
        assert found.settings == before
    else:
        assert (origin.enabled, origin.area_id) == (on, area.id)
