"""Whether forms take whatever somebody types: answered without an error, and shown as what it is."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import text

from core.database.session import db
from core.testing.found_forms import FoundForm
from core.testing.isolation import forms_of, posted_from
from core.testing.made_up import Family, make_family
from core.testing.pages import ROLES_AT_WORK, client_for, core_pages, pages_of, urls_with
from core.testing.subject import Subject
from core.testing.villages import VILLAGE, at

# Markup, a template, a statement's end, an emoji and letters that turn the direction of writing.
TRICKY = "<i id=qz>{{6*7777}}${6*7777}'\";--🙂\u202eqz"
UNESCAPED, EVALUATED = "<i id=qz>", "46662"

HOSTILE = {
    "markup": TRICKY,
    "a very long text": "Panjang " * 5_000,
    "a NUL": "nol\x00nol",
}


def hostile_faults(subject: Subject) -> list[str]:
    family = make_family(subject, VILLAGE, "warga-biasa")
    failed_anyway = _failures_on_pages(subject, family)
    before = subject.failures
    faults = [fault for client, url, form in _all_forms(subject, family) for fault in _try(client, url, form)]
    faults += _shown_wrongly(subject, family)
    if subject.failures != before and not failed_anyway:
        faults.append("one of its hooks failed over what was typed; the log says which")
    return list(dict.fromkeys(faults))


def _failures_on_pages(subject: Subject, family: Family) -> int:
    """Of hooks and pages that fail without anything having been typed: another check tells them."""
    before, client = subject.failures, subject.client(ROLES_AT_WORK[1])
    for page in pages_of(subject):
        if page.method == "GET":
            client.get(page.url).close()
    for url in core_pages(VILLAGE, family.ids["persons"][0], family.ids.get("cases", [])):
        client.get(url).close()
    return subject.failures - before


def _all_forms(subject: Subject, family: Family) -> Iterator[tuple[FlaskClient, str, FoundForm]]:
    """Those of the plugin's pages, and the intake of its services, which core makes of its declarations."""
    yield from forms_of(subject, family)
    client, person = subject.client(ROLES_AT_WORK[0]), family.ids["persons"][0]
    for service in subject.services:
        url = f"/{VILLAGE}/cases/new?person={person}&service={service.name}"
        yield from ((client, url, form) for form in posted_from(client, url) if "cases/new" in (form.action or url))


def _try(client: FlaskClient, url: str, form: FoundForm) -> Iterator[str]:
    """Each time on the page as it is by then, since what was taken in before may have changed it.

    Core answers 400 for a NUL, which no browser sends. For anything else that would mean that the form took in what the
    database does not, and that all that was typed is lost.
    """
    place = f"POST {form.action or url}"
    for what, hostile in HOSTILE.items():
        for within_bounds in (True, False):
            now = next((f for f in posted_from(client, url) if f.action == form.action), None)
            if now is None or not any(item.is_text for item in now.fields):
                return
            sent = _filled(now, hostile, within_bounds)
            if not within_bounds and sent == _filled(now, hostile, True):
                continue  # it has no bounds that would cut this off, and has been sent
            with client.post(now.action or url, data=sent) as answer:
                if answer.status_code >= 500 or (answer.status_code == 400 and "\x00" not in hostile):
                    names = ", ".join(item.name for item in now.fields if item.is_text)
                    yield f"{place}: {answer.status_code} for {what} in {names}"
                elif answer.mimetype == "text/html":
                    yield from _faults_in(place, answer.get_data(as_text=True))


def _filled(form: FoundForm, hostile: str, within_bounds: bool) -> dict[str, Any]:
    """In every text, as much of it as the browser would take, or all of it: a browser can be gone round."""
    sent: dict[str, Any] = {}
    for item in form.fields:
        value = hostile[: item.longest if within_bounds else None] if item.is_text else item.value
        sent.setdefault(item.name, []).append(value)
    return sent


def _shown_wrongly(subject: Subject, family: Family) -> Iterator[str]:
    """What was taken in, wherever it comes up."""
    newest = {table.name: _newest_ids(subject, table.name) for table in subject.tables} | {
        "cases": family.ids.get("cases", [])
    }
    for page in pages_of(subject):
        client = client_for(subject, page)
        if page.method == "GET" and client:
            for url in (page.url, *urls_with(subject, page, newest)):
                with client.get(url) as answer:
                    if answer.mimetype == "text/html":
                        yield from _faults_in(f"GET {url}", answer.get_data(as_text=True))
    client = subject.client(ROLES_AT_WORK[1])
    for url in core_pages(VILLAGE, family.ids["persons"][0], _newest_ids(subject, "cases")):
        yield from _faults_in(f"GET {url}", client.get(url).text)


def _newest_ids(subject: Subject, table: str) -> list[UUID]:
    with at(subject.app, VILLAGE) as area:
        newest = text(f"SELECT id FROM {table} WHERE village_id = :village ORDER BY id DESC LIMIT 3")  # noqa: S608 - a model's
        return list(db.session.scalars(newest, {"village": area.id}))


def _faults_in(where: str, html: str) -> Iterator[str]:
    if UNESCAPED in html:
        yield f"{where}: what was typed is taken for markup"
    if EVALUATED in html:
        yield f"{where}: what was typed is taken for a template"
