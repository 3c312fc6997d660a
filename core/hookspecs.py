"""The contract between core and plugins, one function a hook.

A plugin is a module: its ``plugin`` object says who it is, and each module-level function marked ``@hookimpl`` adds
something. A hook may leave out arguments that it does not need. Six kinds of hook differ in when they are asked and
in what happens when one fails:

===========  ==========================================  ==================================================
kind         asked                                       an exception
===========  ==========================================  ==================================================
app          once, when the plugin is loaded             the plugin is broken; the installation runs on
declaration  once, when the plugin is loaded             the plugin is broken; the installation runs on
display      while a page is built                       logged, shown as a small notice, counted
decision     before something is done                    stops what was to be done: a wrong yes is worse
event        after the change is committed               logged; the other plugins are told all the same
duty         when a resident uses a right                reaches the caller: half a copy, half an erasure
===========  ==========================================  ==================================================

Display, decision and event hooks are village hooks: only plugins that are switched on in the village are asked. A
case's own plugin is asked for its objections even where it has been switched off, since its open cases can still be
finished. A duty is every loaded plugin's, also where it is off or suspended: it may hold data there all the same.

An event has no open transaction: what a plugin writes, it commits; what it leaves uncommitted is dropped.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import pluggy

PROJECT = "puskesos"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class HookKind(StrEnum):
    APP = "app"
    DECLARATION = "declaration"
    DISPLAY = "display"
    DECISION = "decision"
    EVENT = "event"
    DUTY = "duty"


HOOKS: Mapping[str, HookKind] = MappingProxyType(
    {
        "blueprint": HookKind.APP,
        "wide_blueprint": HookKind.APP,
        "permissions": HookKind.APP,
        "commands": HookKind.APP,
        "services": HookKind.DECLARATION,
        "jobs": HookKind.DECLARATION,
        "imports": HookKind.DECLARATION,
        "menu_items": HookKind.DISPLAY,
        "dashboard_cards": HookKind.DISPLAY,
        "overview_cards": HookKind.DISPLAY,
        "case_panels": HookKind.DISPLAY,
        "person_panels": HookKind.DISPLAY,
        "public_links": HookKind.DISPLAY,
        "search_results": HookKind.DISPLAY,
        "aid_received": HookKind.DISPLAY,
        "report_sections": HookKind.DISPLAY,
        "case_transition_allowed": HookKind.DECISION,
        "case_opened": HookKind.EVENT,
        "case_changed": HookKind.EVENT,
        "case_closed": HookKind.EVENT,
        "referral_changed": HookKind.EVENT,
        "notify": HookKind.EVENT,
        "village_enabled": HookKind.EVENT,
        "village_disabled": HookKind.EVENT,
        "demo_filled": HookKind.EVENT,
        "personal_data_export": HookKind.DUTY,
        "personal_data_erase": HookKind.DUTY,
    }
)

# pluggy reads names and signatures only; the bodies are never run. Core's own types stand in the text and not in the
# signatures, so that this module imports nothing of ours and a plugin can be checked without a database.


# ---- the application, once at start ----


@hookspec
def blueprint() -> Any:
    """App. Return the plugin's Flask ``Blueprint``, named like the plugin.

    Core mounts it under ``/<village>/<plugin>/``; its views are 404 where the plugin is off, and each declares its
    permission.
    """


@hookspec
def wide_blueprint() -> Any:
    """App. Return the Flask ``Blueprint`` of the plugin's pages for a kecamatan or kabupaten/kota: ``"<plugin>-wide"``.

    Core mounts it under ``/<area>/<plugin>/``; its views are 404 where the plugin is off in every village of the area,
    and each declares its permission. The rows of all villages inside can be read, and none written.
    """


@hookspec
def permissions() -> Any:
    """App. Return the ``Permission`` objects that the plugin adds, each named ``<plugin>.<verb>``, with its roles."""


@hookspec
def commands() -> Any:
    """App. Return the click ``Command`` objects that the plugin adds under ``puskesos <plugin>``.

    They run with the application at hand and in no area: enter one with ``scope()`` to see a village's rows.
    """


# ---- what a village offers ----


@hookspec
def services() -> Any:
    """Declaration. Return the ``Service`` objects that a resident can ask for, each named ``<plugin>.<something>``."""


@hookspec
def jobs() -> Any:
    """Declaration. Return the ``Job`` objects that ``enqueue_job`` can ask for, each named ``<plugin>.<what>``."""


@hookspec
def imports() -> Any:
    """Declaration. Return the ``ImportKind`` objects: what files can be brought in, each named ``<plugin>.<what>``."""


# ---- parts of a page ----


@hookspec
def menu_items(area: Any) -> Iterable[Any] | None:
    """Display. Return entries for the navigation of ``area`` (``Area``), or None.

    Those that lead to a page of ``wide_blueprint`` stand in the menu of wide areas, all others in that of a village.

    The answer is kept for up to a minute, for this area and all who have the same role in it: count nothing here.
    """


@hookspec
def dashboard_cards(area: Any, user: Any) -> Iterable[Any] | None:
    """Display, on the village's first page. Return cards for ``user`` in ``area`` (``Area``), or None."""


@hookspec
def overview_cards(area: Any) -> Iterable[Any] | None:
    """Display, on the first page of a kabupaten/kota or kecamatan: ``area`` (``Area``) around several villages.

    Asked where the plugin is on in at least one of them. Return cards of figures, or None: whoever oversees villages
    sees counts, and never a resident. The rows of all villages inside can be read: ``between(area.id, area.hi)``.
    """


@hookspec
def case_panels(case: Any) -> Iterable[Any] | None:
    """Display, on the page of one ``case`` (``Case``, any service's). Return panels for its side, or None."""


@hookspec
def person_panels(person: Any) -> Iterable[Any] | None:
    """Display, on the page of one ``person`` (``Person``). Return panels for its side, or None."""


@hookspec
def public_links(area: Any) -> Iterable[Any] | None:
    """Display, on the village's public page of services. Return ``PublicLink`` objects of ``area``, or None.

    Nobody is signed in there, and the page is kept for minutes: what they say is the same for everybody.
    """


@hookspec
def search_results(area: Any, words: str) -> Iterable[Any] | None:
    """Display, on the village's search page. Return what is found in ``area`` (``Area``) for ``words``, or None.

    At most twenty ``SearchResult`` objects, the likeliest first; ``words`` are two to eighty characters as somebody
    typed them. Look in the village's own rows: name ``area.id`` in the query.
    """


@hookspec
def aid_received(area: Any, people: Any, households: Any) -> Iterable[Any] | None:
    """Display, wherever a family's aid is shown or weighed. Return ``AidReceived`` objects of the village ``area``.

    ``people`` and ``households`` are sets of ids, of one family or of a whole page of them: ask once for all. Answer of
    nobody else.
    """


@hookspec
def report_sections(area: Any, month: Any) -> Iterable[Any] | None:
    """Display. Return ``ReportSection`` objects about the village ``area`` in the month that begins on ``month``.

    They stand in the monthly report, add up to the figures of a kecamatan and a district, and fill the agenda of the
    monthly meeting. Asked by a page and by the job that keeps the figures: a few queries, whatever the number of rows.
    """


# ---- decisions ----


@hookspec
def case_transition_allowed(case: Any, transition: Any) -> Any:
    """Decision, before ``case`` (``Case``) goes through ``transition`` (``Transition``).

    Return None when there is no objection, else a sentence for the clerk: what is missing and what to do. Asked about
    every service's cases; about the plugin's own also where it was switched off, since they can be finished there. Of
    the step that needs the planned referral it is asked when that referral goes out, too.
    """


# ---- events, after commit ----


@hookspec
def case_opened(case: Any) -> None:
    """Event. ``case`` (``Case``) was registered."""


@hookspec
def case_changed(case: Any) -> None:
    """Event. ``case`` (``Case``) went to another state that is not closed."""


@hookspec
def case_closed(case: Any) -> None:
    """Event. ``case`` (``Case``) reached a closed state. It may be reopened, which is a ``case_changed``."""


@hookspec
def referral_changed(referral: Any) -> None:
    """Event. ``referral`` (``Referral``) took a step of either side: it was sent, taken back, answered, told …"""


@hookspec
def notify(notice: Any) -> None:
    """Event. Some plugin has something to tell a resident: a ``Notice``. Whoever is a messenger brings it."""


@hookspec
def village_enabled(areas: Sequence[Any]) -> None:
    """Event. This plugin was switched on in the villages ``areas`` (``Area``); only it is told, once for all.

    It acts in none of them then: each is entered with ``scope(area)`` for what is written there.
    """


@hookspec
def village_disabled(areas: Sequence[Any]) -> None:
    """Event. This plugin was switched off in the villages ``areas`` (``Area``); its data stay; only it is told."""


@hookspec
def demo_filled(area: Any, permissions: Any) -> None:
    """Event, of the demonstration only. Residents and cases were made up in the village ``area`` (``Area``).

    Add what shows this plugin, once, and commit it; ``permissions`` are those of who acts, the kepala desa.
    """


# ---- duties: what a resident may ask for (UU 27/2022) ----


@hookspec
def personal_data_export(person: Any) -> Mapping[str, Any] | None:
    """Duty. A copy of everything that is held about ``person`` (``Person``) is made, wherever the plugin is on or off.

    The rows of the plugin's own tables are in it already. Return what else there is, by readable names, as texts,
    numbers, lists and mappings; None when there is nothing.
    """


@hookspec
def personal_data_erase(person: Any) -> Any:
    """Duty. ``person`` (``Person``) is about to be erased, as it still stands; the plugin's own tables follow by rule.

    Blank what the rule does not reach, in the running transaction, without a commit. Return None, else a sentence for
    the kepala desa: why this person cannot be erased now.
    """
