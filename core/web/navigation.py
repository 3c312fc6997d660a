"""The menu of a page: what this role may open in this area, with the entries of the modules that are on; and the frame
around the page that it is part of."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from flask import Flask, current_app, g, request, url_for
from flask.sansio.app import App
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from core.areas.inside import modules_for_menu
from core.meetings.finding import deciding

from .frame import NEXT, Frame, FrameContent, render_frame
from .kept import Kept
from .languages import LANGUAGES, current_language
from .panels import menu_entries, menu_failures

FRAMES = "puskesos_frames"
KEPT_FRAMES, KEPT_SECONDS = 1_000, 600
"""Frames of about 7 kB; there is one for each village, role and page in use."""


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
    ("search.index", lambda: _("Cari"), "search", "area.view", True, False),
    ("referrals.index", lambda: _("Rujukan"), "send", "referrals.read", True, False),
    ("referrals.overview", lambda: _("Rujukan"), "send", "referrals.read", False, True),
    ("inbox.index", lambda: _("Rujukan masuk"), "inbox", "referrals.answer", True, True),
    ("organisations.index", lambda: _("Mitra"), "building", "organisations.manage", False, True),
    ("meetings.index", lambda: _("Musdes"), "people-fill", "meetings.read", True, False),
    ("cases.letters", lambda: _("Surat"), "envelope-paper", "letters.read", True, False),
    ("imports.index", lambda: _("Impor"), "upload", "people.import", True, False),
    ("villages.profile", lambda: _("Profil desa"), "signpost-split", "profile.manage", True, False),
    ("modules.index", lambda: _("Modul"), "grid", "modules.read", True, True),
    ("settings.index", lambda: _("Pengaturan"), "sliders", "settings.read", True, False),
    ("accounts.index", lambda: _("Akun"), "person-gear", "users.read", True, True),
    ("exports.index", lambda: _("Unduhan"), "download", "exports.read", True, True),
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
        if permission in g.permissions and (village if g.area.is_village else wide) and _has_use(endpoint)
    ]
    return items + _module_items()


def _has_use(endpoint: str) -> bool:
    """A village without a programme on which a meeting decides has no meetings."""
    return endpoint != "meetings.index" or bool(deciding(g.area))


def _is_current(endpoint: str) -> bool:
    if request.endpoint == endpoint:
        return True
    own = {entry[0] for entry in _entries()}
    blueprint = endpoint.split(".", maxsplit=1)[0]
    first = next(entry[0] for entry in _entries() if entry[0].startswith(blueprint + "."))
    return request.endpoint not in own and request.blueprint == blueprint and endpoint == first


def _module_items() -> list[NavItem]:
    return [
        NavItem(str(item.label), url, item.icon, request.endpoint == item.endpoint, group=_("Modul"))
        for item, url in menu_entries(g.area)
    ]


def _languages(here: str) -> list[tuple[str, str, str, bool]]:
    current = current_language()
    return [
        (code, label, f"{url_for('users.language', language=code)}?next={here}", code == current)
        for code, label in LANGUAGES.items()
    ]


def _here() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def frame() -> Frame:
    """The frame of the page at hand, rendered anew only when nobody has seen the same one lately.

    What it shows follows from what its key names. The menu of a plugin that failed is not part of a frame that is kept:
    the next page asks again.
    """
    area = g.get("area")
    key = (
        area,
        modules_for_menu(area) if area else None,
        g.get("permissions"),
        current_language(),
        request.endpoint,
        _switch_url(),
        request.script_root,
    )
    frames: Kept[Frame] = current_app.extensions[FRAMES]
    fixed = frames.get(key)
    if fixed is None:
        fixed = render_frame(
            FrameContent(
                area=g.get("area"),
                navigation=navigation(),
                languages=_languages(NEXT),
                home_url=url_for("users.start"),
                account_url=url_for("users.account"),
                sign_out_url=url_for("users.sign_out"),
                switch_url=_switch_url(),
                signed_in=current_user.is_authenticated,
            )
        )
        if not menu_failures():
            frames.keep(key, fixed)
    name = current_user.name if current_user.is_authenticated else ""
    return fixed.filled(name=name, token=generate_csrf(), path=_here())


def init_navigation(app: Flask) -> None:
    app.extensions[FRAMES] = Kept[Frame](KEPT_FRAMES, KEPT_SECONDS)
    app.extensions["puskesos_menu"] = list(ENTRIES)

    @app.context_processor
    def shell() -> dict[str, object]:
        return {
            "lang": current_language(),
            "request_id": g.get("request_id", "-"),
            "frame": frame,
            "languages": lambda: _languages(quote(_here())),
            "may": lambda permission: permission in g.get("permissions", ()),
        }


def _switch_url() -> str | None:
    """Only for somebody who has more than one area to go to."""
    if not current_user.is_authenticated:
        return None
    if len({held.area for held in current_user.memberships}) > 1:
        return url_for("users.areas")
    home = current_user.home()
    return url_for("areas.home", area=home) if home and g.get("area") and home.id != g.area.id else None
