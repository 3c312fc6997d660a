"""The table of roles and permissions: what each role is for, and what it must never be able to do."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest

from core.areas.code import AreaCode, Level
from core.users.identity import Held, Identity
from core.users.permissions import (
    CORE_PERMISSIONS,
    PUBLIC,
    ROLES,
    SIGNED_IN,
    Permission,
    PermissionTable,
    UndeclaredView,
    check_views,
    public,
    requires,
    signed_in,
)

TABLE = PermissionTable(CORE_PERMISSIONS)
VILLAGE, SIBLING, KECAMATAN, DISTRICT = (
    AreaCode.parse(code) for code in ("32.01.15.2008", "32.01.15.2010", "32.01.15", "32.01")
)
IN_A_VILLAGE = {"people.write", "people.import", "cases.write", "cases.decide", "letters.issue", "letters.sign"}


# ---- the table ----


def test_there_are_eight_roles_each_with_the_level_at_which_it_can_be_held() -> None:
    assert {role.key: role.level for role in ROLES.values()} == {
        "district_admin": Level.DISTRICT,
        "district_officer": Level.DISTRICT,
        "kecamatan_supervisor": Level.KECAMATAN,
        "village_head": Level.VILLAGE,
        "village_staff": Level.VILLAGE,
        "field_worker": Level.VILLAGE,
        "partner_officer": Level.DISTRICT,
        "auditor": Level.DISTRICT,
    }


def test_a_permission_has_one_name_and_known_roles() -> None:
    names = [permission.name for permission in CORE_PERMISSIONS]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+", name) for name in names)
    assert {role for permission in CORE_PERMISSIONS for role in permission.roles} == set(ROLES)
    assert not {PUBLIC, SIGNED_IN} & set(names), "they would open the page to everybody"


def test_an_auditor_reads_and_does_nothing_else() -> None:
    assert {name.rpartition(".")[2] for name in TABLE.of_role("auditor")} == {"read", "view"}


def test_only_the_village_writes_in_the_village() -> None:
    for role in ROLES.values():
        if role.level < Level.VILLAGE:
            assert not TABLE.of_role(role.key) & IN_A_VILLAGE, role.key


def test_only_the_village_head_decides_and_signs() -> None:
    for permission in ("cases.decide", "letters.sign"):
        assert [role for role in ROLES if permission in TABLE.of_role(role)] == ["village_head"]


def test_who_works_in_the_field_sees_neither_full_niks_nor_papers() -> None:
    assert not TABLE.of_role("field_worker") & {"people.nik", "people.import", "documents.read", "letters.read"}


def test_a_partner_sees_no_resident_but_the_referred() -> None:
    groups = {name.partition(".")[0] for name in TABLE.of_role("partner_officer")}
    assert groups <= {"area", "referrals"}
    assert "referrals.read" not in TABLE.of_role("partner_officer")


def test_who_runs_the_installation_sees_no_resident() -> None:
    groups = {name.partition(".")[0] for name in TABLE.of_role("district_admin")}
    assert not groups & {"people", "cases", "documents", "letters", "referrals"}


def test_a_role_that_is_gone_allows_nothing() -> None:
    assert TABLE.of_role("camat") == frozenset()


def test_a_plugin_adds_permissions_to_the_roles_that_it_names() -> None:
    table = PermissionTable([*CORE_PERMISSIONS, Permission("pip.check", "Memeriksa", ("village_staff",))])
    assert "pip.check" in table
    assert [role for role in ROLES if "pip.check" in table.of_role(role)] == ["village_staff"]


# ---- who holds what where ----


def somebody(*held: tuple[AreaCode, str]) -> Identity:
    return Identity(
        id=UUID(int=1),
        token="t",
        username="siti",
        name="Siti",
        language="id",
        must_change_password=False,
        memberships=tuple(Held(area, "", role, None) for area, role in held),
    )


def test_a_membership_reaches_down_and_never_up_or_aside() -> None:
    tksk = somebody((KECAMATAN, "kecamatan_supervisor"))
    assert [tksk.covers(area) for area in (KECAMATAN, VILLAGE, SIBLING)] == [True, True, True]
    staff = somebody((VILLAGE, "village_staff"))
    assert [staff.covers(area) for area in (VILLAGE, SIBLING, KECAMATAN, DISTRICT)] == [True, False, False, False]


def test_roles_add_up_where_they_meet() -> None:
    both = somebody((KECAMATAN, "auditor"), (VILLAGE, "village_head"))
    assert both.permissions_at(VILLAGE, TABLE) == TABLE.of_role("auditor") | TABLE.of_role("village_head")
    assert both.permissions_at(SIBLING, TABLE) == TABLE.of_role("auditor")
    assert both.permissions_at(DISTRICT, TABLE) == frozenset()


@pytest.mark.parametrize(
    ("held", "home"),
    [
        ([], None),
        ([(VILLAGE, "village_staff")], VILLAGE),
        ([(VILLAGE, "village_staff"), (VILLAGE, "village_head")], VILLAGE),
        ([(VILLAGE, "village_staff"), (SIBLING, "village_staff")], None),
    ],
)
def test_home_is_the_one_area_that_there_is(held: list[tuple[AreaCode, str]], home: AreaCode | None) -> None:
    assert somebody(*held).home() == home


# ---- what a view declares ----


def view() -> Callable[[], str]:
    return lambda: "page"


def test_views_that_say_who_may_open_them_pass() -> None:
    views = {"a": requires("cases.read")(view()), "b": public(view()), "c": signed_in(view())}
    check_views(views, TABLE)


def test_all_views_that_do_not_are_named_at_once() -> None:
    views = {"a": view(), "b": requires("cases.reed")(view()), "c": requires("cases.read")(view())}
    with pytest.raises(UndeclaredView, match=r"a \(nothing declared\), b \(cases\.reed\)$"):
        check_views(views, TABLE)
