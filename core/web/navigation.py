"""The menu of a page: what this role may open in this area, with the entries of the modules that are on."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, g, request, url_for
from flask.sansio.app import App
from flask_babel import gettext as _
from flask_login import current_user

from .languages import LANGUAGES, current_language
from .panels import menu_entries


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    icon: str
    current: bool = False
    count: int | None = None
    group: str | None = None


# endpoint, text, icon, permission, on village pages, on pages of wider areas
Entry = tuple[str, Callable[[], str], str, str, bool, bool]

ENTRIES: tuple[Entry, ...] = (
    ("areas.home", lambda: _("Hari ini"), "house", "area.view", True, False),
    ("areas.home", lambda: _("Ringkasan"), "house", "area.view", False, True),
    ("cases.index", lambda: _("Kasus"), "folder2-open", "cases.read", True, False),
    ("people.index", lambda: _("Warga"), "people", "people.read", True, False),
    ("referrals.index", lambda: _("Rujukan"), "send", "referrals.read", True, False),
    ("referrals.overview", lambda: _("Rujukan"), "send", "referrals.read", False, True),
    ("inbox.index", lambda: _("Rujukan masuk"), "inbox", "referrals.answer", True, True),
    ("organisations.index", lambda: _("Mitra"), "building", "organisations.manage", False, True),
    ("cases.letters", lambda: _("Surat"), "envelope-paper", "letters.read", True, False),
    ("people.imports", lambda: _("Impor"), "upload", "people.import", True, False),
    ("areas.modules", lambda: _("Modul"), "grid", "modules.read", False, True),
    ("exports.index", lambda: _("Unduhan"), "download", "exports.read", True, False),
    ("audit.index", lambda: _("Jejak audit"), "shield-check", "audit.read", True, True),
    ("jobs.index", lambda: _("Pekerjaan latar"), "hourglass-split", "jobs.manage", False, True),
)


def add_entry(app: App, entry: Entry, *, after: str) -> None:
    """Put an entry of a blueprint that core does not know behind the last one of an endpoint, once an application."""
    entries: list[Entry] = app.extensions["puskesos_menu"]
    place = max(number for number, other in enumerate(entries, start=1) if other[0] == after)
    entries.insert(place, entry)


def _entries() -> list[Entry]:
    return current_app.extensions["puskesos_menu"]


def navigation() -> list[NavItem]:
    if g.get("area") is None or not current_user.is_authenticated:
        return []
    items = [
        NavItem(text(), url_for(endpoint), icon, current=_is_current(endpoint))
        for endpoint, text, icon, permission, village, wide in _entries()
        if permission in g.permissions and (village if g.area.is_village else wide)
    ]
    return items + _module_items()


def _is_current(endpoint: str) -> bool:
    if request.endpoint == endpoint:
        return True
    own = {entry[0] for entry in _entries()}
    blueprint = endpoint.split(".", maxsplit=1)[0]
    first = next(entry[0] for entry in _entries() if entry[0].startswith(blueprint + "."))
    return request.endpoint not in own and request.blueprint == blueprint and endpoint == first


def _module_items() -> list[NavItem]:
    if not g.area.is_village:
        return []
    return [
        NavItem(str(item.label), url, item.icon, request.path == url, group=_("Modul"))
        for item, url in menu_entries(g.area)
    ]


def _languages() -> list[tuple[str, str, str, bool]]:
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    current = current_language()
    return [
        (code, label, url_for("users.language", language=code, next=here), code == current)
        for code, label in LANGUAGES.items()
    ]


def init_navigation(app: Flask) -> None:
    app.extensions["puskesos_menu"] = list(ENTRIES)

    @app.context_processor
    def shell() -> dict[str, object]:
        return {
            "navigation": navigation(),
            "lang": current_language(),
            "languages": _languages(),
            "request_id": g.get("request_id", "-"),
            "may": lambda permission: permission in g.get("permissions", ()),
            "home_url": url_for("users.start"),
            "account_url": url_for("users.password"),
            "sign_out_url": url_for("users.sign_out"),
            "switch_url": _switch_url(),
        }


def _switch_url() -> str | None:
    """Only for somebody who has more than one area to go to."""
    if not current_user.is_authenticated:
        return None
    if len({held.area for held in current_user.memberships}) > 1:
        return url_for("users.areas")
    home = current_user.home()
    return url_for("areas.home", area=home) if home and g.get("area") and home.id != g.area.id else None
