"""What every plugin must keep to, as tests that a plugin's own tests inherit in two lines.

``core.testing`` exports it; what is needed from there is imported where it is used.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask, get_template_attribute
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.datastructures import MultiDict
from wtforms import Field

from core.areas.code import AreaCode, Level
from core.areas.modules import set_module
from core.cases.letter_pdf import LetterContent, render_letter
from core.cases.letter_values import letter_values
from core.cases.service import Requirement, Service
from core.database.session import commit, scope
from core.database.upgrade import upgrade
from core.database.urls import DatabaseUrls
from core.people.search import family_of
from core.plugins.loading import Loaded
from core.plugins.registry import PluginRegistry, load_plugins
from core.plugins.tables import table_faults
from core.testing.examples import example_answers, example_url
from core.testing.personal import personal_data_faults
from core.testing.source import foreign_imports, untranslated
from core.users.permissions import PUBLIC, ROLES, SIGNED_IN

if TYPE_CHECKING:
    from core.testing import SignInAs

# A page may ask for a choice first and lead elsewhere; an address with an id that does not exist may also say so.
OPEN = {200, 302, 303}
ANSWERED = {*OPEN, 400, 404, 409, 422}


@dataclass(frozen=True)
class Page:
    """One address of a plugin, with one way of asking for it."""

    method: str
    url: str
    permission: str
    has_ids: bool

    @property
    def fine(self) -> set[int]:
        if self.method != "GET":
            return ANSWERED
        return {*OPEN, 404} if self.has_ids else OPEN


def with_plugin_tables(urls: DatabaseUrls) -> DatabaseUrls:
    """A test database in which the migrations of the installed plugins have run as well."""
    upgrade(urls, load_plugins(strict=True, disabled=frozenset()).migration_directories())
    return urls


class PluginContract:
    """``class TestContract(PluginContract): plugin = "pip"``"""

    plugin: str

    # ---- overridden where the made-up does not do ----

    def answers(self, service: Service) -> dict[str, Any]:
        """Valid answers to a service's form."""
        return example_answers(service.form)

    # ---- what is asked of it ----

    def test_it_loads(self, app: Flask) -> None:
        broken = [str(item) for item in registry_of(app).broken if item.name == self.plugin]
        assert not broken, broken
        assert self.plugin in registry_of(app).plugins, f"{self.plugin} is not installed: is its entry point there?"

    def test_it_imports_nothing_of_ours_but_core_api(self, app: Flask) -> None:
        found = foreign_imports(*self._package(app))
        assert not found, "import these from core.api, or do without: " + ", ".join(found)

    def test_its_texts_are_in_english_too(self, app: Flask) -> None:
        folder = self._package(app)[1]
        if not (folder / "translations" / "en.po").exists():
            pytest.skip(f"{self.plugin} has no translations/en.po: it speaks Indonesian only")
        missing = untranslated(folder)
        assert not missing, "\n".join(missing)

    def test_its_papers_mean_the_same_in_every_service(self, app: Flask) -> None:
        """A paper is used again for the next case by its key, so one key is one kind of paper."""
        known = {paper.key: paper for paper in vars(Requirement).values() if isinstance(paper, Requirement)}
        for service in self._services(app):
            for paper in service.requirements:
                first = known.setdefault(paper.key, paper)
                same = str(first.title) == str(paper.title)
                assert same, f"{service.name}: {paper.key!r} is already {first.title}; choose another key"

    def test_its_forms_come_back_with_messages(self, app: Flask) -> None:
        for service in self._services(app):
            with app.test_request_context():
                form = service.form(MultiDict())
                form.validate()
                faults = [
                    f"{service.name}: {field.short_name} {fault}" for field in form for fault in form_faults(field)
                ]
            assert not faults, "\n".join(faults)

    @pytest.mark.usefixtures("areas")
    def test_its_letters_can_be_set(self, app: Flask) -> None:
        """With answers full of what typst takes for markup: an answer is text, never source."""
        testing = testing_module()
        for service in self._services(app):
            with testing.at(app, testing.VILLAGE) as area:
                case = testing.make_case(area, service, testing.make_person(area.id), **self.answers(service))
                for letter in service.letters:
                    content = LetterContent(
                        template=letter.template,
                        title=str(letter.title),
                        reference="460/001/CBD/I/2026",
                        issued_on=date(2026, 1, 5),
                        valid_until=date(2026, 2, 4) if letter.validity(date(2026, 1, 5), area) else None,
                        area=area,
                        signatory="",
                        values=letter_values(service, case, family_of(case.person)),
                        verify_url="https://puskesos.example/verify/contoh",
                    )
                    assert render_letter(content).startswith(b"%PDF"), f"{service.name}: {letter.key}"

    def test_its_pages_are_not_there_where_it_is_off(self, app: Flask, sign_in: "SignInAs") -> None:
        switch_off(app, self.plugin)
        for page in self._pages(app):
            status = self._status(sign_in(*standing_with(app, page.permission)), page)
            assert status == 404, f"{page.method} {page.url}: {status}"

    def test_its_pages_are_closed_to_who_lacks_the_permission(self, app: Flask, sign_in: "SignInAs") -> None:
        for page in self._pages(app):
            standing = standing_without(app, page.permission)
            if standing is not None:
                status = self._status(sign_in(*standing), page)
                assert status == 403, f"{page.method} {page.url}: {status}"

    def test_its_pages_open_for_who_has_the_permission(self, app: Flask, sign_in: "SignInAs") -> None:
        for page in self._pages(app):
            status = self._status(sign_in(*standing_with(app, page.permission)), page)
            assert status in page.fine, f"{page.method} {page.url}: {status}"

    def test_its_parts_of_pages_and_its_events_do_not_fail(self, app: Flask, sign_in: "SignInAs") -> None:
        testing, before = testing_module(), registry_of(app).failures().get(self.plugin, 0)
        with testing.at(app, testing.VILLAGE) as area:
            person = testing.make_person(area.id)
            urls = [f"/{area.code}/", f"/{area.code}/people/{person.id}"]
            for service in self._services(app):
                case = testing.make_case(area, service, person, **self.answers(service))
                urls.append(f"/{area.code}/cases/{case.id}")
            commit()
        for role in ("village_staff", "village_head"):
            client = sign_in(role)
            for url in urls:
                answer = client.get(url)
                assert answer.status_code == 200, f"{url}: {answer.status}"
        assert registry_of(app).failures().get(self.plugin, 0) == before, "one of its hooks failed; the log says which"

    def test_its_tables_keep_to_the_rules(self, app: Flask, database_urls: DatabaseUrls, owner_engine: Engine) -> None:
        own = [item for item in registry_of(app).migration_directories() if item.plugin == self.plugin]
        upgrade(database_urls, own)
        with owner_engine.connect() as connection:
            faults = table_faults(connection, self.plugin, self._package(app)[0])
        assert not faults, "\n".join(faults)

    @pytest.mark.usefixtures("areas")
    def test_its_tables_are_copied_and_erased_with_a_resident(self, app: Flask) -> None:
        """Values that its tables ask for and nobody can make up stand in ``personal_values``, by "table.column"."""
        testing = testing_module()
        with testing.at(app, testing.VILLAGE) as area:
            faults = personal_data_faults(area, self._package(app)[0], getattr(self, "personal_values", {}))
        assert not faults, "\n".join(faults)

    # ---- how it is asked ----

    def _status(self, client: FlaskClient, page: Page) -> int:
        with client.open(page.url, method=page.method) as answer:
            return answer.status_code

    def _package(self, app: Flask) -> tuple[str, Path]:
        loaded: Loaded = registry_of(app).loaded(self.plugin)
        file = loaded.file(".")
        assert file, f"{self.plugin} must be a package, not a single module"
        return loaded.module.__name__, file

    def _services(self, app: Flask) -> list[Service]:
        return [service for service in registry_of(app).all_services.values() if service.plugin == self.plugin]

    def _pages(self, app: Flask) -> list[Page]:
        testing = testing_module()
        return [
            Page(
                method,
                example_url(app, rule, testing.VILLAGE),
                app.view_functions[rule.endpoint].__dict__["permission"],
                has_ids=len(rule.arguments) > 1,
            )
            for rule in app.url_map.iter_rules()
            if rule.endpoint.startswith(f"{self.plugin}.")
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        ]


def form_faults(field: Field) -> Iterator[str]:
    """What is wrong with a field that came back empty, as the clerk sees it."""
    shown = get_template_attribute("macros/forms.html", "field")(field).unescape()
    if not str(field.label.text):
        yield "has no label"
    if field.flags.required and not field.data and not field.errors:
        yield "is required and not asked for"
    for message in field.errors:
        if not str(message).strip() or str(message) not in shown:
            yield f"is refused without a word that can be read: {message!r}"


def testing_module() -> Any:
    from core import testing  # noqa: PLC0415 - which exports what stands above

    return testing


def registry_of(app: Flask) -> PluginRegistry:
    return app.extensions["puskesos"].plugins


def switch_off(app: Flask, plugin: str) -> None:
    """In the village of the tests."""
    village = AreaCode.parse(testing_module().VILLAGE)
    with app.app_context(), scope(village):
        set_module(village, plugin, enabled=False)
        commit()


def standing_with(app: Flask, permission: str) -> tuple[str, str]:
    """A role that holds a permission and an area in which it may be held; a village's own roles first."""
    found = standings(app, permission, holds=True)
    assert found, f"no role holds {permission}: nobody could open the page"
    return found[0]


def standing_without(app: Flask, permission: str) -> tuple[str, str] | None:
    """None when everybody may."""
    if permission in (PUBLIC, SIGNED_IN):
        return None
    return next(iter(standings(app, permission, holds=False)), None)


def standings(app: Flask, permission: str, *, holds: bool) -> list[tuple[str, str]]:
    """Roles, each with an area around the village of the tests, from the village up."""
    table, village = app.extensions["puskesos"].permissions, testing_module().VILLAGE
    places = {Level.VILLAGE: village, Level.KECAMATAN: village[:8], Level.DISTRICT: village[:5]}
    roles = sorted(ROLES.values(), key=lambda role: role.level, reverse=True)
    anybody = permission in (PUBLIC, SIGNED_IN)
    return [(r.key, places[r.level]) for r in roles if (anybody or permission in table.of_role(r.key)) is holds]
