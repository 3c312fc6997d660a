"""Whether what a plugin brings in survives files that nobody wrote for it, and stays in its village.

Each kind gets hostile files, dry: none may break its check, change a row, or come out as markup. What another village
brought in is not there, and nothing is where the module is off.
"""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from uuid import UUID

from flask.testing import FlaskClient

from core.imports.kind import ImportKind
from core.imports.states import current
from core.testing.hostile import EVALUATED, TRICKY, UNESCAPED
from core.testing.importing import upload_file, work_off
from core.testing.made_up import Family, changed, make_family, rows_of
from core.testing.pages import ROLES_AT_WORK
from core.testing.subject import Subject
from core.testing.villages import SIBLING, VILLAGE, at, switch

OF_IMPORTS = ("imports", "import_findings")
FORMULA = '=HYPERLINK("http://example.org";"x")'


def import_faults(subject: Subject) -> list[str]:
    kinds = subject.loaded.imports
    if not kinds:
        return []
    here, there = make_family(subject, VILLAGE, "warga-desa-ini"), make_family(subject, SIBLING, "qzrahasiadesasebelah")
    faults: list[str] = []
    for kind in kinds:
        client = _client_for(subject, kind)
        if client is None:
            faults.append(f"{kind.name}: nobody at work holds {kind.permission}")
            continue
        about = _target(subject, kind, here)
        if kind.find_target and about is None:
            faults.append(f"{kind.name}: find_target() finds none of its rows by the id")
            continue
        for what, content in _hostile_files(kind).items():
            faults += [f"{kind.name}, {what}: {fault}" for fault in _try(subject, kind, client, content, about)]
        faults += [f"{kind.name}: {fault}" for fault in _foreign(kind, client, there)]
    faults += _there_when_off(subject, here)
    return list(dict.fromkeys(faults))


def _client_for(subject: Subject, kind: ImportKind) -> FlaskClient | None:
    table = subject.app.extensions["puskesos"].permissions
    role = next((role for role in ROLES_AT_WORK if kind.permission in table.of_role(role)), None)
    return subject.client(role) if role else None


def _target(subject: Subject, kind: ImportKind, family: Family) -> UUID | None:
    """One of the made-up rows that the kind takes files for."""
    if kind.find_target is None:
        return None
    with at(subject.app, VILLAGE) as area:
        return next((row_id for row_id in family.all_ids if kind.find_target(area, str(row_id))), None)


def _hostile_files(kind: ImportKind) -> Mapping[str, bytes]:
    headers = [column.header for column in kind.columns]
    cells = {
        "markup": TRICKY,
        "formulas": FORMULA,
        "very long texts": "Panjang " * 2_000,
        "numbers that are none": "3,20115E+15",
        "days that are none": "31/02/99999",
        "blanks": " ",
    }
    rows = {
        f"a file of {what}": _csv(headers, [[cell] * len(headers), ["x", *[cell] * len(headers)]])
        for what, cell in cells.items()
    }
    return {
        "an empty file": b"",
        "a binary file": b"\x89PNG\r\n\x1a\n\x00\x00" + bytes(range(256)),
        "100,000 columns": b"k," * 100_000 + b"\n" + b"1," * 100_000,
        "the wrong encoding": _csv(headers, [["\u201cÑama\u201d"] * len(headers)]).decode().encode("utf-16-be"),
        "other columns": _csv([FORMULA, TRICKY, "x"], [[TRICKY] * 3]),
        **rows,
    }


def _csv(headers: list[str], rows: list[list[str]]) -> bytes:
    target = StringIO()
    csv.writer(target).writerows([headers, *rows])
    return target.getvalue().encode()


def _try(subject: Subject, kind: ImportKind, client: FlaskClient, content: bytes, about: UUID | None) -> Iterator[str]:
    before = rows_of(subject, VILLAGE)
    answer = upload_file(client, kind.name, content, about=about, **_answers(kind))
    if answer.status_code != 302:
        yield f"the upload answers {answer.status_code}"
        return
    try:
        work_off(subject.app, answer.location)
    except Exception as error:
        yield f"its check fails: {type(error).__name__}: {error}"
        return
    others = [table for table in changed(before, rows_of(subject, VILLAGE)) if table not in OF_IMPORTS]
    yield from (f"its check changed {table}" for table in others if table not in ("audit_entries",))
    with at(subject.app, VILLAGE) as area:
        state = current(area.id, UUID(answer.location.rpartition("/")[2])).state
    if state not in ("columns", "checked", "refused"):
        yield f"it is {state}"
    for page in (answer.location, f"{answer.location}?show=warning", f"{answer.location}/columns"):
        html = client.get(page).text
        if UNESCAPED in html:
            yield "what the file says is taken for markup"
        if EVALUATED in html:
            yield "what the file says is taken for a template"
    client.post(f"{answer.location}/discard", data={"version": ""})


def _answers(kind: ImportKind) -> dict[str, str]:
    from core.testing.examples import example_answers  # noqa: PLC0415 - only of kinds that ask something

    return {name: str(value) for name, value in example_answers(kind.form).items()} if kind.form else {}


def _foreign(kind: ImportKind, client: FlaskClient, there: Family) -> Iterator[str]:
    for import_id in there.ids.get("imports", []):
        page = f"/{VILLAGE}/imports/{import_id}"
        for address in (page, f"{page}/progress", f"{page}/columns", f"{page}/undo", f"{page}/findings.xlsx"):
            if client.get(address).status_code != 404:
                yield f"GET {address} of another village is there"
        for step in ("apply", "check", "discard", "undo", "columns"):
            if client.post(f"{page}/{step}", data={"version": "1"}).status_code != 404:
                yield f"POST {page}/{step} of another village is there"
    listed = client.get(f"/{VILLAGE}/imports?kind={kind.name}").text
    yield from (f"the list of imports shows {word}" for word in there.found_in(listed))


def _there_when_off(subject: Subject, here: Family) -> Iterator[str]:
    switch(subject.app, subject.plugin, on=False)
    try:
        for kind in subject.loaded.imports:
            client = _client_for(subject, kind)
            if client is None:
                continue
            pages = [f"/{VILLAGE}/imports/{kind.name}/new", f"/{VILLAGE}/imports?kind={kind.name}"]
            pages += [f"/{VILLAGE}/imports/{import_id}" for import_id in here.ids.get("imports", [])]
            for page in pages:
                if client.get(page).status_code != 404:
                    yield f"GET {page} is there where it is off"
    finally:
        switch(subject.app, subject.plugin, on=True)
