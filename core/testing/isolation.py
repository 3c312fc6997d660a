"""Whether anything of a plugin shows or touches another village's data.

Both villages have a family with cases and rows in the plugin's tables. The other one's are shown to its own staff
first: what a plugin keeps in memory from there must not come up here. Then everything is asked for here. A word or an
id of theirs must not be in an answer, and no answer may be another one than before they came.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from typing import Any

import click
from click.testing import CliRunner
from flask.testing import FlaskClient

from core.cases.errors import CaseError
from core.cases.models import Case
from core.cases.progress import Answer, take_step
from core.clock import today
from core.database.session import commit, db
from core.testing.comparing import Shown, Visit, answers, changed_along, shown, time_stands_still, without_the_fleeting
from core.testing.curious import names_asked_for
from core.testing.found_forms import FoundForm, forms_in
from core.testing.made_up import WORDS, Family, changed, make_family, rows_of
from core.testing.pages import ROLES_AT_WORK, Page, client_for, content_of, core_pages, pages_of, urls_with
from core.testing.subject import Subject
from core.testing.villages import SIBLING, VILLAGE, at

# What is searched for comes back in the field of the search; the whole word only from a row.
PIECE = 9
HERE, THERE = "warga-desa-ini", "qzrahasiadesasebelah"


@dataclass
class Neighbours:
    """A family here and one in the other village."""

    here: Family
    there: Family
    swapped: dict[str, str] = field(init=False)
    """Of each id here, the one of the same kind there."""

    def __post_init__(self) -> None:
        self.swapped = {
            str(ours): str(theirs)
            for table, rows in self.here.ids.items()
            for ours, theirs in zip(rows, self.there.ids.get(table, []), strict=False)
        }

    def swap(self, text: str) -> str:
        for ours, theirs in self.swapped.items():
            text = text.replace(ours, theirs)
        return text


def neighbours(subject: Subject) -> Neighbours:
    """The other village's own people have looked at everything, for what is kept from there."""
    both = Neighbours(make_family(subject, VILLAGE, HERE), make_family(subject, SIBLING, THERE))
    for addresses in WATCHED.values():
        shown(addresses(subject, both.there))
    return both


Found = Mapping[str, list[str]]


def found_between(subject: Subject) -> Found:
    """What is wrong, by check: one family here and one there serve them all, since what takes longest is that they move
    in and that everything is looked at before and after. What is sent comes last, when all has been looked at.
    """
    if not subject.found:
        failures = subject.failures
        both, found = _move_in(subject)
        found["search"] += _leaking_search(subject, both)
        if subject.failures != failures:
            found["search"].append("its search_results() failed; the log says why")
        found["pages"] += _leaking_pages(subject, both)
        found["ids"] = _foreign_ids_answered(subject, both)
        found["rows"] = _foreign_rows_changed(subject, both)
        subject.found |= found
    return subject.found


def _move_in(subject: Subject) -> tuple[Neighbours, dict[str, list[str]]]:
    """All addresses here are compared before and after the other village had its family."""
    here = make_family(subject, VILLAGE, HERE)
    visits = {kind: addresses(subject, here) for kind, addresses in WATCHED.items()}
    found: dict[str, list[str]] = {}
    with time_stands_still():
        before, again = ({kind: shown(those) for kind, those in visits.items()} for _time in range(2))
        there = make_family(subject, SIBLING, THERE)
        # All of theirs, before ours is asked for again.
        theirs = {kind: shown(addresses(subject, there)) for kind, addresses in WATCHED.items()}
        for kind, those in visits.items():
            after = answers(those)
            found[kind] = [
                *(f"GET {name} shows {word}" for name, word in _strangers(theirs[kind])),
                *changed_along(before[kind], again[kind], without_the_fleeting(after)),
                *(f"GET {name} shows {word}" for name in after for word in there.found_in(after[name])),
            ]
    return Neighbours(here, there), found


def _strangers(theirs: Shown) -> Iterator[tuple[str, str]]:
    """Where the other village is shown a word of ours."""
    words = sorted(WORDS[VILLAGE])
    return ((name, word) for name, content in theirs.items() for word in words if word in content)


def _core_addresses(subject: Subject, family: Family) -> list[Visit]:
    """Core's pages on which a plugin has a part, as the village's own people open them."""
    urls = core_pages(family.code, family.ids["persons"][0], family.ids.get("cases", []))
    return [(subject.client(role, family.code), url, f"{url} as {role}") for role in ROLES_AT_WORK for url in urls]


def _own_addresses(subject: Subject, family: Family) -> list[Visit]:
    """The plugin's own pages."""
    return [
        (client, url, url)
        for page in pages_of(subject, family.code)
        if page.method == "GET" and (client := _client_in(subject, page, family.code))
        for url in (page.url, *urls_with(subject, page, family.ids, family.code))
    ]


def _client_in(subject: Subject, page: Page, code: str) -> FlaskClient | None:
    for role in ROLES_AT_WORK:
        if page.permission in subject.app.extensions["puskesos"].permissions.of_role(role):
            return subject.client(role, code)
    return None


# ---- what is shown ----


def _leaking_pages(subject: Subject, both: Neighbours) -> list[str]:
    """Its pages, sheets and commands, asked as well by who has not been there yet and for what is theirs."""
    faults: list[str] = []
    for page in pages_of(subject):
        client = client_for(subject, page)
        if page.method == "GET" and client:
            if client is not _client_in(subject, page, VILLAGE):
                for url in (page.url, *urls_with(subject, page, both.here.ids)):
                    faults += _leaks(client, url, both.there)
            for query in (_as_query(both.there), *_queries(subject, client, page.url, both.there)):
                faults += _leaks(client, f"{page.url}?{query}", both.there, with_ids=False)
    for command, output in _command_outputs(subject):
        faults += [f"puskesos {subject.plugin} {command} shows {word}" for word in both.there.found_in(output)]
    return faults


def _leaking_search(subject: Subject, both: Neighbours) -> list[str]:
    """What it finds for a piece of their words and of ours."""
    faults: list[str] = []
    for role in ROLES_AT_WORK:
        for words in (THERE[:PIECE], *(str(ids[0]) for ids in both.there.ids.values())):
            faults += _leaks(subject.client(role), f"/{VILLAGE}/search?q={words}", both.there, with_ids=False)
        faults += _leaks(subject.client(role), f"/{VILLAGE}/search?q={HERE[:PIECE]}", both.there)
    return faults


def _search_addresses(subject: Subject, family: Family) -> list[Visit]:
    """Core's search page, asked for a piece of the family's words."""
    words = (HERE if family.code == VILLAGE else THERE)[:PIECE]
    url = f"/{family.code}/search?q={words}"
    return [(subject.client(role, family.code), url, f"{url} as {role}") for role in ROLES_AT_WORK]


WATCHED: Mapping[str, Callable[[Subject, Family], list[Visit]]] = {
    "pages": _own_addresses,
    "parts": _core_addresses,
    "search": _search_addresses,
}
"""By the check that looks at them: the plugin's own pages; its menu, cards and panels on core's, with its judgement of
a family and whatever it does at its events; and what it finds."""


def _leaks(client: FlaskClient, url: str, there: Family, *, with_ids: bool = True) -> list[str]:
    with client.get(url) as answer:
        return [f"GET {url} shows {word}" for word in there.found_in(content_of(answer), with_ids=with_ids)]


def _as_query(family: Family) -> str:
    """``?person=…&case=…``, as addresses name what a page is about."""
    names = [(table.rstrip("s").rpartition("_")[2], rows[0]) for table, rows in family.ids.items()]
    return "&".join(f"{name}={row}&{name}_id={row}" for name, row in names)


def _queries(subject: Subject, client: FlaskClient, url: str, there: Family) -> list[str]:
    """Of whatever an address is asked for: a piece of their words, their village, and an id of each kind."""
    with names_asked_for(subject.app) as names:
        client.get(url).close()
    wanted = [THERE[:PIECE], there.code, *(str(rows[0]) for rows in there.ids.values())]
    return [f"{name}={value}" for name in sorted(names) for value in wanted]


def _command_outputs(subject: Subject) -> Iterator[tuple[str, str]]:
    """Of those commands that need nothing but an area."""
    for command in subject.loaded.commands:
        needed = [item for item in command.params if item.required]
        if all(item.name in ("village", "area") for item in needed):
            given = [
                word
                for item in needed
                for word in ([VILLAGE] if isinstance(item, click.Argument) else [item.opts[0], VILLAGE])
            ]
            # One that writes a file leaves it in a folder that goes.
            with subject.app.app_context(), TemporaryDirectory() as folder, chdir(folder):
                yield str(command.name), CliRunner().invoke(command, given).output


# ---- addresses with ids of the other village ----


def _foreign_ids_answered(subject: Subject, both: Neighbours) -> list[str]:
    """Pages about something of the other village that are there all the same."""
    faults: list[str] = []
    for page in pages_of(subject):
        client = client_for(subject, page)
        if page.method != "GET" or client is None:
            continue
        for url in urls_with(subject, page, both.there.ids, all_kinds=True):
            with client.get(url) as answer:
                if answer.status_code != 404:
                    faults.append(f"GET {url}: {answer.status_code} instead of 404")
    return faults


# ---- what is sent ----


def _foreign_rows_changed(subject: Subject, both: Neighbours) -> list[str]:
    """Tables of the other village in which something changed while everything was sent from here."""
    before = rows_of(subject, SIBLING)
    faults: list[str] = []
    sent: dict[str, Any] = {}
    for client, url, form in forms_of(subject, both.here):
        sent |= form.data()
        faults += _send_swapped(client, url, form, both)
    for page in pages_of(subject):
        client = client_for(subject, page)
        if page.method != "GET" and client is not None:
            swapped = {name: [both.swap(value) for value in values] for name, values in sent.items()}
            for url in (page.url, *urls_with(subject, page, both.there.ids, all_kinds=True)):
                client.open(f"{url}?{_as_query(both.there)}", method=page.method, data=swapped).close()
    _go_through_steps(subject, both.here)
    tables = changed(before, rows_of(subject, SIBLING))
    return faults + [f"{name}: rows of another village were changed" for name in tables]


def forms_of(subject: Subject, family: Family) -> list[tuple[FlaskClient, str, FoundForm]]:
    """Every form on the plugin's pages that is sent by POST to one of them, with who may and where it stands."""
    found: dict[tuple[str, tuple[str, ...]], tuple[FlaskClient, str, FoundForm]] = {}
    for page in pages_of(subject):
        client = client_for(subject, page)
        if page.method != "GET" or client is None:
            continue
        addresses = urls_with(subject, page, family.ids) if page.has_ids else [f"{page.url}?{_as_query(family)}"]
        for url in addresses:
            for form in posted_from(client, url):
                target = form.action or url
                if f"/{subject.plugin}/" in target:
                    found[target.partition("?")[0], tuple(item.name for item in form.fields)] = client, url, form
    return list(found.values())


def posted_from(client: FlaskClient, url: str) -> list[FoundForm]:
    with client.get(url) as answer:
        if answer.status_code != 200 or answer.mimetype != "text/html":
            return []
        return [form for form in forms_in(answer.get_data(as_text=True)) if form.method == "post"]


def _send_swapped(client: FlaskClient, url: str, form: FoundForm, both: Neighbours) -> list[str]:
    """The form as it is, but for ids: those of the other village in the address, in what is sent, and in both."""
    address, data = form.action or url, form.data()
    swapped = {name: [both.swap(value) for value in values] for name, values in data.items()}
    faults: list[str] = []
    for target, content in ((both.swap(address), data), (address, swapped), (both.swap(address), swapped)):
        if (target, content) != (address, data):
            with client.post(target, data=content) as answer:
                shown = both.there.found_in(content_of(answer), with_ids=False)
                faults += [f"POST {target} shows {word}" for word in shown]
    return faults


def _go_through_steps(subject: Subject, family: Family) -> None:
    """The cases here take every step that can be taken, and so the plugin hears of every event."""
    permissions = subject.app.extensions["puskesos"].permissions
    may = frozenset(name for role in ROLES_AT_WORK for name in permissions.of_role(role))
    with at(subject.app, VILLAGE) as area:
        for case_id in family.ids.get("cases", []):
            case = db.session.get_one(Case, (area.id, case_id))
            service = subject.registry.all_services[case.service]
            answer = Answer(note="Catatan", outcome="Hasil", on=today(), how="desk")
            for step in service.workflow.transitions:
                try:
                    take_step(area, case, service, step.key, may, answer)
                    commit()
                except CaseError:
                    db.session.rollback()
