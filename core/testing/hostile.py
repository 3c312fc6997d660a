"""Whether forms take whatever somebody types: answered without an error, and shown as what it is."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import text

from core.database.session import db
from core.testing.found_forms import FoundForm, forms_in
from core.testing.isolation import forms_of
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
    "letters of other scripts": "\u202b\u0639\u0631\u0628\u064a\u202c \U0001f46a\u200d" * 3,
}


def hostile_faults(subject: Subject) -> list[str]:
    family = make_family(subject, VILLAGE, "warga-biasa")
    before = subject.failures
    faults = [fault for client, url, form in _all_forms(subject, family) for fault in _try(client, url, form)]
    faults += _shown_wrongly(subject, family)
    if subject.failures != before:
        faults.append("one of its hooks failed; the log says which")
    return list(dict.fromkeys(faults))


def _all_forms(subject: Subject, family: Family) -> Iterator[tuple[FlaskClient, str, FoundForm]]:
    """Those of the plugin's pages, and the intake of its services, which core makes of its declarations."""
    yield from forms_of(subject, family)
    client, person = subject.client(ROLES_AT_WORK[0]), family.ids["persons"][0]
    for service in subject.services:
        url = f"/{VILLAGE}/cases/new?person={person}&service={service.name}&again=1"
        for form in forms_in(client.get(url).text):
            if form.method == "post":
                yield client, url, form


def _try(client: FlaskClient, url: str, form: FoundForm) -> Iterator[str]:
    for what, hostile in HOSTILE.items():
        for data in _filled(form, hostile):
            with client.post(form.action or url, data=data) as answer:
                if answer.status_code >= 500:
                    names = ", ".join(item.name for item in form.fields if item.is_text)
                    yield f"POST {form.action or url}: {answer.status_code} for {what} in {names}"
                elif answer.mimetype == "text/html":
                    yield from _faults_in(f"POST {form.action or url}", answer.text)


def _filled(form: FoundForm, hostile: str) -> Iterator[dict[str, Any]]:
    """In every text at once as much of it as a browser would take; and, past the browser, all of it."""
    if not any(item.is_text for item in form.fields):
        return
    for cut in (True, False):
        sent: dict[str, Any] = {}
        for item in form.fields:
            value = hostile[: item.longest if cut else None] if item.is_text else item.value
            sent.setdefault(item.name, []).append(value)
        yield sent


def _shown_wrongly(subject: Subject, family: Family) -> Iterator[str]:
    """What was taken in, wherever it comes up."""
    for page in pages_of(subject):
        client = client_for(subject, page)
        if page.method == "GET" and client:
            for url in (page.url, *urls_with(subject, page, _newest_ids(subject))):
                with client.get(url) as answer:
                    if answer.mimetype == "text/html":
                        yield from _faults_in(f"GET {url}", answer.text)
    client = subject.client(ROLES_AT_WORK[1])
    cases = _newest_ids(subject, "cases")
    for url in core_pages(VILLAGE, family.ids["persons"][0], cases):
        yield from _faults_in(f"GET {url}", client.get(url).text)


def _newest_ids(subject: Subject, *tables: str) -> list[UUID]:
    """Of the rows that came last, in the plugin's own tables unless told otherwise."""
    with at(subject.app, VILLAGE) as area:
        newest = "SELECT id FROM {} WHERE village_id = :v ORDER BY id DESC LIMIT 3"
        return [
            row_id
            for name in tables or [table.name for table in subject.tables]
            for row_id in db.session.scalars(text(newest.format(name)), {"v": area.id})
        ]


def _faults_in(where: str, html: str) -> Iterator[str]:
    if UNESCAPED in html:
        yield f"{where}: what was typed is taken for markup"
    if EVALUATED in html:
        yield f"{where}: what was typed is taken for a template"
