"""A stranger's first ten minutes: the platform from its wheel, a plugin of one's own, and its service in a village."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenants.demo_sign_ins import DISTRICT, PASSWORD, VILLAGE

from .browsing import Visitor
from .venv import Environment, make_environment

pytestmark = pytest.mark.story


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return make_environment(tmp_path_factory.mktemp("environment"))


@pytest.fixture(scope="module")
def site(environment: Environment) -> Iterator[str]:
    """Three commands, from nothing to a village in which one's own service can be asked for.

    Besides, a plugin with a table of its own.
    """
    environment.run("puskesos", "plugins", "new", "bantuan_sekolah", "--title", "Bantuan Sekolah")
    environment.run("puskesos", "plugins", "new", "catatan_warga", "--kind", "panel")
    environment.run("pip", "install", "./puskesos-bantuan-sekolah", "./puskesos-catatan-warga")
    with environment.serving("puskesos", "serve", "--demo") as address:
        yield address


@pytest.fixture(scope="module")
def clerk(site: str) -> Visitor:
    visitor = Visitor(site)
    visitor.sign_in("petugas", PASSWORD)
    return visitor


def test_neither_platform_nor_plugin_is_read_from_a_checkout(environment: Environment, site: str) -> None:
    modules = "core, plugins, tenants, puskesos_bantuan_sekolah"
    code = f"import {modules}; print(*(module.__file__ for module in ({modules})))"
    for file in environment.run("python", "-P", "-c", code).split():
        assert Path(file).is_relative_to(environment.bin.parent), file
    assert (environment.home / "var").is_dir(), "the data lie where the site was started"


@pytest.mark.usefixtures("site")
def test_the_wheel_brings_what_a_skeleton_has_besides_code(environment: Environment) -> None:
    written = {path.name for path in (environment.home / "puskesos-bantuan-sekolah").iterdir()}
    assert written >= {".gitignore", "README.md", "pyproject.toml", "tests"}


def test_ones_own_service_is_offered_to_the_residents_of_a_village(site: str) -> None:
    public = Visitor(site).get(f"/{VILLAGE}/services")
    assert "Usulan Bantuan Sekolah" in public
    one = Visitor(site).get(f"/{VILLAGE}/services/bantuan_sekolah.aid")
    assert "Surat keterangan yang ditandatangani kepala desa" in one


def test_a_clerk_can_open_a_case_of_it(clerk: Visitor) -> None:
    person = re.search(rf"/{VILLAGE}/people/([0-9a-f-]{{36}})", clerk.get(f"/{VILLAGE}/people"))
    assert person
    form = f"/{VILLAGE}/cases/new?person={person[1]}&service=bantuan_sekolah.aid"
    assert "Pekerjaan, tanggungan, rumah" in clerk.get(form)


def test_a_plugins_table_was_made_by_its_migration(clerk: Visitor) -> None:
    person = re.search(rf"/{VILLAGE}/people/[0-9a-f-]{{36}}", clerk.get(f"/{VILLAGE}/people"))
    assert person
    form = person[0].replace("/people/", "/catatan_warga/people/") + "/new"
    assert "Atap bocor" in clerk.post(form, text="Atap bocor, sumur kering")
    assert "Atap bocor" in clerk.get(person[0])


def test_it_is_in_the_districts_matrix(site: str) -> None:
    admin = Visitor(site)
    admin.sign_in("admin", PASSWORD)
    assert "Bantuan Sekolah" in admin.get(f"/{DISTRICT}/modules")


PAGES = ("", "cases", "letters", "people", "referrals", "sktm/", "blt_desa/", "profile", "exports")


@pytest.mark.parametrize("page", PAGES)
def test_the_platforms_pages_are_whole(clerk: Visitor, page: str) -> None:
    shown = clerk.get(f"/{VILLAGE}/{page}")
    assert "</html>" in shown
    for asset in re.findall(r'(?:href|src)="(/static/[^"]+)"', shown):
        assert clerk.get(asset)


def test_its_texts_come_in_english_too(site: str) -> None:
    reader = Visitor(site)
    reader.get("/language/en")
    page = reader.get(f"/{VILLAGE}/services/bantuan_sekolah.aid")
    assert "Application for Bantuan Sekolah" in page, "the plugin's catalogue"
    assert "Requirements" in page, "core's catalogue"


def test_the_plugins_own_tests_pass(environment: Environment, site: str) -> None:
    said = environment.run("pytest", "puskesos-bantuan-sekolah", "-p", "no:cacheprovider")
    assert "passed" in said
    assert "skipped" not in said
