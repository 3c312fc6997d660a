"""Every role, every page, every area: what opens is what the role's permissions and its place say, and nothing else.

The pages come from the URL map and the roles from their table, so that a new page or role is covered by itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, IntegerConverter, Rule, UUIDConverter
from werkzeug.test import TestResponse

from core.areas.code import AreaCode, Level
from core.platform import Platform
from core.testing import AREAS, FOREIGN, SIBLING, VILLAGE, SignInAs, days_ago, provision
from core.users.permissions import PUBLIC, ROLES, SIGNED_IN, is_district_only
from core.web.urls import AreaConverter, VillageConverter, WideAreaConverter

NEIGHBOURS = (
    ("32.01.16", "Cibungbulang", "kecamatan", None),
    ("32.01.16.2003", "Cemplang", "desa", "CMP"),
)
PROVISIONED = {code for code, *_rest in (*AREAS, *NEIGHBOURS)}
# A village of the own kecamatan and a whole province that are in the catalogue only.
NOT_SERVED = "32.01.15.2009"
ASKED = (*sorted(PROVISIONED), NOT_SERVED, "33")
PLACES = {Level.DISTRICT: "32.01", Level.KECAMATAN: "32.01.15", Level.VILLAGE: VILLAGE}

STRANGER = "Zulkarnaen"
STRANGERS_NIK = "3201150101909876"
IN_ADDRESSES = {"ticket": "ASING-26-0001", "token": "ASING"}
STRANGERS = {
    **IN_ADDRESSES,
    "name": STRANGER,
    "nik": STRANGERS_NIK,
    "reference": STRANGER,
    "area_id": AreaCode.parse("32.02").id,
}
UNKNOWN = UUID("00000000-0000-7000-8000-00000000dead")

FillVillage = Callable[..., UUID]


@dataclass(frozen=True)
class Page:
    rule: Rule
    declared: str
    district_only: bool = False

    @property
    def methods(self) -> list[str]:
        return sorted((self.rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"})

    @property
    def objects(self) -> list[str]:
        """The names of what the address holds besides the area."""
        return sorted(self.rule.arguments - {"area"})

    @property
    def is_about_a_village(self) -> bool:
        """A wide area's page that names one of its villages, which is an area of its own and no object in one."""
        return bool(self.objects) and all(
            isinstance(self.rule._converters[name], VillageConverter) for name in self.objects
        )

    def fits(self, code: str) -> bool:
        level = code.count(".") + 1
        converter = self.rule._converters["area"]
        if isinstance(converter, VillageConverter):
            return level == Level.VILLAGE
        if self.district_only:
            return level == Level.DISTRICT
        return level < Level.VILLAGE if isinstance(converter, WideAreaConverter) else True

    def address(self, app: Flask, code: str, uuid: UUID, values: dict[str, object]) -> str:
        chosen = {name: values.get(name, self.of_kind(name, uuid)) for name in self.objects}
        return app.url_map.bind("").build(self.rule.endpoint, {"area": code, **chosen}, append_unknown=False)

    def of_kind(self, name: str, uuid: UUID) -> object:
        converter = self.rule._converters[name]
        if isinstance(converter, UUIDConverter):
            return uuid
        if isinstance(converter, AreaConverter):
            return VILLAGE
        if isinstance(converter, AnyConverter):
            return sorted(converter.items)[0]
        return 999_999 if isinstance(converter, IntegerConverter) else "statement"

    def is_uuid(self, name: str) -> bool:
        return isinstance(self.rule._converters[name], UUIDConverter)


def pages(app: Flask) -> list[Page]:
    """All pages of an area, core's and the plugins'."""
    found = [
        Page(rule, vars(view)["permission"], is_district_only(view))
        for rule in app.url_map.iter_rules()
        for view in [app.view_functions[rule.endpoint]]
        if isinstance(rule._converters.get("area"), AreaConverter)
    ]
    assert len(found) > 20
    return found


def permissions_of(app: Flask, role: str) -> frozenset[str]:
    platform: Platform = app.extensions["puskesos"]
    return platform.permissions.of_role(role) | {SIGNED_IN}


def ask(client: FlaskClient, method: str, address: str, stranger: UUID | None = None) -> TestResponse:
    """With a stranger's id wherever a query or a form might name somebody."""
    named = {"person": stranger, "person_id": stranger, "household": stranger, "user": stranger, "import": stranger}
    data = {**named, "version": "1", "digits": STRANGERS_NIK[-4:], "action": "seen"} if method != "GET" else None
    query = {**named, "service": "sktm.letter", "q": STRANGER[:6].lower()} if stranger else None
    answer = client.open(address, method=method, data=data, query_string=query, buffered=True)
    assert answer.status_code != 500, f"{method} {address}"
    if stranger is not None:
        for secret in (STRANGER, STRANGERS_NIK):
            assert secret.encode() not in content(answer), f"{method} {address}"
    return answer


def content(answer: TestResponse) -> bytes:
    """The answer's body; of a sheet, which is a zip file, what it holds."""
    if not answer.data.startswith(b"PK"):
        return answer.data
    with ZipFile(BytesIO(answer.data)) as sheet:
        return b"".join(sheet.read(name) for name in sheet.namelist())


def requests(app: Flask, page: Page, code: str, uuid: UUID, **values: object) -> Iterator[tuple[str, str]]:
    """Each method with the page's address: ``uuid`` wherever it has one, ``values`` by name."""
    if page.fits(code):
        address = page.address(app, code, uuid, values)
        for method in page.methods:
            yield method, address


# ---- roles ----


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_its_permissions_and_its_place_say(
    role: str, app: Flask, sign_in: SignInAs, fill_village: FillVillage
) -> None:
    with app.app_context():
        provision(NEIGHBOURS)
    place = AreaCode.parse(PLACES[ROLES[role].level])
    client, held = sign_in(role, str(place)), permissions_of(app, role)
    opened = 0
    for page in pages(app):
        if page.declared == PUBLIC:
            continue
        for code in ASKED:
            nowhere = {"village": NOT_SERVED} if page.is_about_a_village else {}
            outside = code not in PROVISIONED or not place.covers(AreaCode.parse(code))
            for method, address in requests(app, page, code, UNKNOWN, **nowhere):
                status = ask(client, method, address).status_code
                told = f"{role} in {place}: {method} {address} ({page.declared}) gave {status}"
                if outside:
                    assert status == 404, told
                elif page.declared not in held:
                    assert status == 403, told
                elif page.objects:
                    assert status == 404, told
                else:
                    assert status not in (403, 404, 405), told
                    opened += 1
    assert opened > 0


@pytest.mark.parametrize("role", ROLES)
def test_what_lives_in_another_village_is_found_in_no_other(
    role: str, app: Flask, sign_in: SignInAs, fill_village: FillVillage
) -> None:
    """The wide roles too: the address names one village, and only that one is shown."""
    strangers = fill_village(AreaCode.parse(SIBLING).id, **STRANGERS)
    place = PLACES[ROLES[role].level]
    client, held = sign_in(role, place), permissions_of(app, role)
    asked = 0
    for page in pages(app):
        if page.declared not in held:
            continue
        for code in {VILLAGE, place}:
            for method, address in requests(app, page, code, strangers, village=SIBLING, **IN_ADDRESSES):
                status = ask(client, method, address, strangers).status_code
                # The sibling lies in a wide place as well.
                assert status == 404 or not page.objects or page.is_about_a_village, (
                    f"{role}: {method} {address} gave {status}"
                )
                asked += 1
    assert asked > 0


def test_a_part_of_a_strangers_case_is_not_reached_through_an_own_case(
    app: Flask, sign_in: SignInAs, fill_village: FillVillage
) -> None:
    own = fill_village(AreaCode.parse(VILLAGE).id)
    strangers = fill_village(AreaCode.parse(SIBLING).id, **STRANGERS)
    clients = [sign_in("village_head"), sign_in("village_staff")]
    nested = [page for page in pages(app) if sum(map(page.is_uuid, page.objects)) > 1]
    assert nested
    for page in nested:
        parts = [name for name in page.objects if page.is_uuid(name) and name != "id"]
        for client in clients:
            for method, address in requests(app, page, VILLAGE, own, **dict.fromkeys(parts, strangers)):
                status = ask(client, method, address, strangers).status_code
                assert status in (403, 404, 409, 422), f"{method} {address} gave {status}"


def test_a_membership_that_ended_yesterday_opens_nothing(app: Flask, sign_in: SignInAs) -> None:
    client = sign_in("village_head", until=days_ago(1))
    for page in pages(app):
        for method, address in requests(app, page, VILLAGE, UNKNOWN):
            if page.declared != PUBLIC:
                assert ask(client, method, address).status_code == 404, f"{method} {address}"


# ---- strangers ----


def test_without_signing_in_every_page_leads_to_the_sign_in_whether_the_area_exists_or_not(
    app: Flask, fill_village: FillVillage
) -> None:
    strangers = fill_village(AreaCode.parse(VILLAGE).id, **STRANGERS)
    client = app.test_client()
    for page in pages(app):
        if page.declared == PUBLIC:
            continue
        for code in ASKED:
            for method, address in requests(app, page, code, strangers):
                answer = ask(client, method, address, strangers)
                assert answer.status_code == 302, f"{method} {address}"
                assert answer.location.startswith("/sign-in"), f"{method} {address}"


@pytest.mark.parametrize("role", [None, *ROLES])
def test_public_pages_are_open_to_all_and_name_nobody_of_another_village(
    role: str | None, app: Flask, sign_in: SignInAs, fill_village: FillVillage
) -> None:
    strangers = fill_village(AreaCode.parse(SIBLING).id, **STRANGERS)
    client = sign_in(role, PLACES[ROLES[role].level]) if role else app.test_client()
    public = [page for page in pages(app) if page.declared == PUBLIC]
    assert public
    for page in public:
        for code in (VILLAGE, FOREIGN):
            for method, address in requests(app, page, code, strangers, **IN_ADDRESSES):
                assert ask(client, method, address, strangers).status_code in (200, 302, 404, 422), (
                    f"{method} {address}"
                )
        for method, address in requests(app, page, "32.01.15.2009", strangers, **IN_ADDRESSES):
            assert ask(client, method, address).status_code == 404, f"{method} {address}"


# ---- addresses that nobody of ours makes ----


ODD = ("\x00", "%", "'", "9" * 30, "é💥", "WyJ4IiwieSJd", "WzEsMl0", "W1tdLHt9XQ", "W251bGwsbnVsbF0")
"""What no form sends; the last four read as the place in a list: ["x","y"], [1,2], [[],{}], [null,null]."""


@pytest.mark.story
@pytest.mark.parametrize("role", ["village_head", "district_admin", "district_officer", None])
def test_no_address_however_damaged_brings_a_page_down(role: str | None, app: Flask, sign_in: SignInAs) -> None:
    place = PLACES[ROLES[role].level] if role else VILLAGE
    client = sign_in(role, place) if role else app.test_client()
    held = permissions_of(app, role) if role else {PUBLIC}
    for page in (page for page in pages(app) if page.declared in held and page.fits(place)):
        for odd in ODD:
            in_the_path = {name: odd for name in page.objects if page.of_kind(name, UNKNOWN) == "statement"}
            for method, address in requests(app, page, place, UNKNOWN, **in_the_path):
                query = dict.fromkeys(("q", "year", "after", "which", "service", "person", "page", "from"), odd)
                if method == "GET" or in_the_path:
                    answer = client.open(address, method=method, query_string=query, buffered=True)
                    assert answer.status_code < 500, f"{method} {address} with {odd!r}"
