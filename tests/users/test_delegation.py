"""Who may give which role where: the whole table of roles and areas, and what follows from it."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.areas.code import AreaCode
from core.users.delegation import RANK, Post, givable, manages, may_change, may_give
from core.users.permissions import CORE_PERMISSIONS, MANAGERS, ROLES, PermissionTable

AREAS = [
    AreaCode.parse(code)
    for code in "32 32.01 32.01.15 32.01.15.2008 32.01.15.2010 32.01.16 32.02 32.02.11.2001 33".split()
]
VILLAGE, SIBLING, KECAMATAN, DISTRICT = (
    AreaCode.parse(code) for code in ("32.01.15.2008", "32.01.15.2010", "32.01.15", "32.01")
)
POSTS = [Post(area, role) for area, role in product(AREAS, ROLES)]
posts = st.lists(st.sampled_from(POSTS), max_size=4)

GIVES = {
    "district_admin": set(ROLES),
    "village_head": {"village_staff", "field_worker"},
}
"""Everybody else gives nothing."""


@pytest.mark.parametrize("own", ROLES)
def test_every_role_in_every_area_gives_what_the_table_says_and_nothing_else(own: str) -> None:
    for held, wanted in product(AREAS, POSTS):
        expected = held.covers(wanted.area) and wanted.role in GIVES.get(own, set())
        assert may_give([Post(held, own)], wanted) == expected, f"{own} in {held} gives {wanted.role} in {wanted.area}"


def test_every_role_has_its_place_in_the_order_and_the_managers_hold_the_permission() -> None:
    assert set(RANK) == set(ROLES)
    table = PermissionTable(CORE_PERMISSIONS)
    assert {role for role in ROLES if "users.manage" in table.of_role(role)} == set(MANAGERS) == set(GIVES)


@given(posts, st.sampled_from(POSTS))
def test_nobody_gives_above_or_outside_what_they_hold(actor: list[Post], wanted: Post) -> None:
    if may_give(actor, wanted):
        assert manages(actor, wanted.area)
        assert any(post.area.covers(wanted.area) and RANK[post.role] >= RANK[wanted.role] for post in actor)


@given(posts, posts, st.sampled_from(POSTS))
def test_one_more_post_never_takes_a_power_away(actor: list[Post], more: list[Post], wanted: Post) -> None:
    if may_give(actor, wanted):
        assert may_give([*actor, *more], wanted)


@given(posts, posts)
@settings(max_examples=300)
def test_an_account_is_changed_only_by_who_could_have_given_all_of_it(actor: list[Post], held: list[Post]) -> None:
    assert may_change(actor, held) == (bool(held) and all(may_give(actor, post) for post in held))


@given(posts, posts, st.sampled_from(POSTS))
def test_a_further_post_of_an_account_never_makes_it_easier_to_change(
    actor: list[Post], held: list[Post], further: Post
) -> None:
    if held and may_change(actor, [*held, further]):
        assert may_change(actor, held)


@given(st.lists(st.sampled_from(POSTS), min_size=1, max_size=3), posts)
def test_whom_one_may_change_one_cannot_be_changed_by_unless_both_are_admins(
    one: list[Post], other: list[Post]
) -> None:
    """Two who could end each other: only district admins, of the same area."""
    if may_change(one, other) and may_change(other, one):
        roles = {post.role for post in [*one, *other]}
        assert "district_admin" in roles


@pytest.mark.parametrize(
    ("actor", "target", "may"),
    [
        ((VILLAGE, "village_head"), [(VILLAGE, "village_staff")], True),
        ((VILLAGE, "village_head"), [(VILLAGE, "village_staff"), (VILLAGE, "field_worker")], True),
        ((VILLAGE, "village_head"), [(VILLAGE, "village_staff"), (SIBLING, "village_staff")], False),
        ((VILLAGE, "village_head"), [(VILLAGE, "village_staff"), (VILLAGE, "partner_officer")], False),
        ((VILLAGE, "village_head"), [(VILLAGE, "village_head")], False),
        ((VILLAGE, "village_head"), [], False),
        ((DISTRICT, "district_admin"), [(VILLAGE, "village_staff"), (SIBLING, "village_head")], True),
        ((DISTRICT, "district_admin"), [(DISTRICT, "district_admin")], True),
        ((KECAMATAN, "district_admin"), [(VILLAGE, "village_staff")], True),
        ((KECAMATAN, "district_admin"), [(DISTRICT, "auditor")], False),
        ((DISTRICT, "kecamatan_supervisor"), [(VILLAGE, "field_worker")], False),
        ((DISTRICT, "auditor"), [(VILLAGE, "field_worker")], False),
    ],
)
def test_examples(actor: tuple[AreaCode, str], target: list[tuple[AreaCode, str]], may: bool) -> None:
    assert may_change([Post(*actor)], [Post(*post) for post in target]) == may


def test_a_role_of_a_version_that_is_gone_is_nobodys_to_give() -> None:
    assert not may_give([Post(DISTRICT, "district_admin")], Post(VILLAGE, "camat"))


def test_the_choices_of_a_form_are_what_may_be_given() -> None:
    assert givable([Post(VILLAGE, "village_head")], VILLAGE) == ("village_staff", "field_worker")
    assert givable([Post(VILLAGE, "village_head")], SIBLING) == ()
    assert set(givable([Post(DISTRICT, "district_admin")], KECAMATAN)) == set(ROLES)
