"""A setting may stand at any level; the nearest wins; an upper lock beats everything below; the rest is off."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.enablement import Origin, Setting, effective, effective_sets

NATION, PROVINCE, DISTRICT, KECAMATAN, VILLAGE = 0, 3200000000, 3201000000, 3201150000, 3201152008
OTHER_VILLAGE = 3201152010
CHAIN = (NATION, PROVINCE, DISTRICT, KECAMATAN, VILLAGE)
AREAS = {VILLAGE: KECAMATAN, OTHER_VILLAGE: KECAMATAN, KECAMATAN: DISTRICT, DISTRICT: PROVINCE, PROVINCE: None}


# ---- one area, with the origin of each value ----


def test_what_nobody_set_is_off() -> None:
    assert effective(CHAIN, []) == {}


def test_a_setting_holds_for_all_below() -> None:
    assert effective(CHAIN, [Setting(DISTRICT, "pip", True)]) == {"pip": Origin(True, DISTRICT)}


def test_the_nearest_setting_wins() -> None:
    settings = [Setting(VILLAGE, "pip", False), Setting(DISTRICT, "pip", True), Setting(KECAMATAN, "pip", True)]
    assert effective(CHAIN, settings) == {"pip": Origin(False, VILLAGE)}


def test_a_lock_above_beats_the_village() -> None:
    settings = [Setting(DISTRICT, "pantry", True, locked=True), Setting(VILLAGE, "pantry", False)]
    assert effective(CHAIN, settings) == {"pantry": Origin(True, DISTRICT, locked_by=DISTRICT)}


def test_a_module_can_be_locked_off() -> None:
    settings = [Setting(DISTRICT, "whatsapp", False, locked=True), Setting(VILLAGE, "whatsapp", True, locked=True)]
    assert effective(CHAIN, settings) == {"whatsapp": Origin(False, DISTRICT, locked_by=DISTRICT)}


def test_of_two_locks_the_topmost_wins() -> None:
    settings = [Setting(KECAMATAN, "pantry", False, locked=True), Setting(PROVINCE, "pantry", True, locked=True)]
    assert effective(CHAIN, settings) == {"pantry": Origin(True, PROVINCE, locked_by=PROVINCE)}


def test_a_lock_below_an_open_setting_counts_from_where_it_stands() -> None:
    settings = [Setting(DISTRICT, "pantry", False), Setting(KECAMATAN, "pantry", True, locked=True)]
    assert effective(CHAIN[:3], settings) == {"pantry": Origin(False, DISTRICT)}
    assert effective(CHAIN, settings) == {"pantry": Origin(True, KECAMATAN, locked_by=KECAMATAN)}


def test_other_areas_do_not_count() -> None:
    assert effective(CHAIN, [Setting(OTHER_VILLAGE, "pip", True)]) == {}


# ---- many areas at once ----


def test_the_sets_of_a_district() -> None:
    settings = [
        Setting(DISTRICT, "sktm", True),
        Setting(DISTRICT, "pantry", True, locked=True),
        Setting(KECAMATAN, "pip", True),
        Setting(VILLAGE, "sktm", False),
        Setting(VILLAGE, "pantry", False),
    ]
    assert effective_sets(AREAS, settings) == {
        PROVINCE: frozenset(),
        DISTRICT: {"sktm", "pantry"},
        KECAMATAN: {"sktm", "pantry", "pip"},
        VILLAGE: {"pantry", "pip"},
        OTHER_VILLAGE: {"sktm", "pantry", "pip"},
    }


def test_equal_sets_are_one_object() -> None:
    settings = [Setting(VILLAGE, "pip", True), Setting(OTHER_VILLAGE, "pip", True)]
    sets = effective_sets(AREAS, settings)
    assert sets[VILLAGE] is sets[OTHER_VILLAGE]


def test_a_parent_outside_is_refused_since_its_locks_would_be_lost() -> None:
    with pytest.raises(ValueError, match=f"{VILLAGE} has the parent {KECAMATAN}"):
        effective_sets({VILLAGE: KECAMATAN}, [])


def test_a_circle_of_parents_is_refused() -> None:
    with pytest.raises(ValueError, match="circle"):
        effective_sets({1: 2, 2: 3, 3: 1}, [])


# ---- for any tree and any settings ----

Tree = tuple[dict[int, int | None], list[Setting]]


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Up to twelve areas in any order, and at most one setting for each area and module."""
    size = draw(st.integers(1, 12))
    parents = {area: draw(st.none() | st.integers(0, area - 1)) if area else None for area in range(size)}
    order = draw(st.permutations(range(size)))
    switches = st.dictionaries(
        st.tuples(st.integers(0, size - 1), st.sampled_from("abc")), st.tuples(st.booleans(), st.booleans())
    )
    settings = [Setting(area, module, on, locked) for (area, module), (on, locked) in draw(switches).items()]
    return {area: parents[area] for area in order}, settings


def chain_of(area: int, areas: dict[int, int | None]) -> list[int]:
    parent = areas[area]
    return [*(chain_of(parent, areas) if parent is not None else []), area]


def is_on(module: str, chain: Sequence[int], settings: list[Setting]) -> bool:
    """The definition, word for word: the topmost lock, else the nearest setting, else off."""
    on_the_way = [s for area in chain for s in settings if s.area_id == area and s.module == module]
    locks = [setting for setting in on_the_way if setting.locked]
    if locks:
        return locks[0].enabled
    return bool(on_the_way) and on_the_way[-1].enabled


@given(trees())
def test_the_sets_are_those_of_the_definition(tree: Tree) -> None:
    areas, settings = tree
    expected = {a: {m for m in "abc" if is_on(m, chain_of(a, areas), settings)} for a in areas}
    assert effective_sets(areas, settings) == expected


@given(trees())
def test_one_area_and_all_areas_agree(tree: Tree) -> None:
    areas, settings = tree
    sets = effective_sets(areas, settings)
    for area in areas:
        origins = effective(chain_of(area, areas), settings)
        assert {module for module, origin in origins.items() if origin.enabled} == sets[area]
        for module, origin in origins.items():
            assert any(s.area_id == origin.area_id and s.module == module for s in settings)


@given(trees(), st.data())
def test_nothing_below_a_lock_changes_what_it_locks(tree: Tree, data: st.DataObject) -> None:
    areas, settings = tree
    top, *below = chain_of(data.draw(st.sampled_from(sorted(areas))), areas)
    others = [setting for setting in settings if (setting.area_id, setting.module) != (top, "a")]
    on = data.draw(st.booleans())
    without_below = [setting for setting in others if setting.area_id not in below]
    for chosen in (others, without_below):
        sets = effective_sets(areas, [*chosen, Setting(top, "a", on, locked=True)])
        assert all(("a" in sets[area]) is on for area in (top, *below))


@given(trees(), st.data())
def test_removing_an_override_restores_what_the_parent_has(tree: Tree, data: st.DataObject) -> None:
    areas, settings = tree
    area = data.draw(st.sampled_from(sorted(areas)))
    sets = effective_sets(areas, [setting for setting in settings if setting.area_id != area])
    parent = areas[area]
    assert sets[area] == (sets[parent] if parent is not None else frozenset())
