"""A plugin's addresses, and core's pages on which it has a part."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from itertools import islice, product
from uuid import UUID
from zipfile import ZipFile, is_zipfile

from flask.testing import FlaskClient
from werkzeug.routing import Rule, UUIDConverter
from werkzeug.wrappers import Response

from core.plugins.manifest import is_wide, wide_name
from core.testing.examples import example_url
from core.testing.standings import Standing, standing_with, standing_without
from core.testing.subject import Subject
from core.testing.villages import DISTRICT, SIBLING, VILLAGE, switch
from core.users.permissions import is_for_machines

# A page may ask for a choice first and lead elsewhere; an address with an id that does not exist may also say so.
OPEN = {200, 302, 303}
ANSWERED = {*OPEN, 400, 404, 409, 422}

# A view for another system asks for its signature first.
UNSIGNED = {401, 403}

# Who opens core's pages: between them, they see every part.
ROLES_AT_WORK = ("village_staff", "village_head")

# Of one address, with each of the ids that its parts might take.
MOST_TRIES = 150


@dataclass(frozen=True)
class Page:
    """One address of a plugin, with one way of asking for it."""

    method: str
    rule: Rule
    url: str
    permission: str
    for_machines: bool = False

    @property
    def has_ids(self) -> bool:
        return len(self.rule.arguments) > 1

    @property
    def is_wide(self) -> bool:
        return is_wide(self.rule.endpoint.partition(".")[0])

    @property
    def id_arguments(self) -> list[str]:
        return [name for name, kind in self.rule._converters.items() if isinstance(kind, UUIDConverter)]

    @property
    def fine(self) -> set[int]:
        if self.for_machines:
            return ANSWERED | UNSIGNED
        if self.method != "GET":
            return ANSWERED
        return {*OPEN, 404} if self.has_ids else OPEN

    def __str__(self) -> str:
        return f"{self.method} {self.url}"


def pages_of(subject: Subject, area: str = VILLAGE, blueprint: str = "") -> list[Page]:
    """Those of the plugin's blueprint for villages, or of another that is named."""
    app = subject.app
    return [
        Page(method, rule, example_url(app, rule, area), view.__dict__["permission"], is_for_machines(view))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(f"{blueprint or subject.plugin}.")
        for view in [app.view_functions[rule.endpoint]]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def urls_with(
    subject: Subject, page: Page, ids: Mapping[str, Sequence[UUID]], area: str = VILLAGE, *, all_kinds: bool = False
) -> Iterator[str]:
    """The page's address with ids, by table; with all their combinations where it takes several.

    Which kind of id belongs where, the address says itself: ``/visits/<uuid:id>``, ``<uuid:visit_id>``.

    Args:
        all_kinds: where it takes one id, also those of another kind.
    """
    names = page.id_arguments
    kinds = [[] if all_kinds and len(names) == 1 else _tables_for(page, name, ids) for name in names]
    choices = [[row for table in tables or ids for row in ids[table]] for tables in kinds]
    tries = product(*choices) if names else iter(())
    for chosen in islice(tries, MOST_TRIES):
        yield example_url(subject.app, page.rule, area, dict(zip(names, chosen, strict=True)))


def _tables_for(page: Page, argument: str, tables: Iterable[str]) -> list[str]:
    """Those that the argument, or else the word before it in the address, is named after."""
    before = page.rule.rule.partition(f"{argument}>")[0].rpartition("/<")[0].rpartition("/")[2]
    for word in (argument.removesuffix("_id"), before):
        found = [
            table for table in tables if word not in ("", "id") and f"_{table}".endswith((f"_{word}", f"_{word}s"))
        ]
        if found:
            return found
    return []


def core_pages(area: str, person: UUID, cases: Iterable[UUID]) -> list[str]:
    """Where core asks the display hooks, lists cases and judges a family."""
    return [
        f"/{area}/",
        f"/{area}/cases?which=open",
        f"/{area}/letters",
        f"/{area}/people",
        f"/{area}/people/{person}",
        f"/{area}/cases/new?person={person}",
        *(f"/{area}/cases/{case}" for case in cases),
    ]


def content_of(answer: Response) -> str:
    """What somebody can read in an answer; a sheet is unpacked, a PDF read."""
    data = answer.get_data()
    if data.startswith(b"%PDF"):
        return _text_of_pdf(data)
    if data[:2] == b"PK" and is_zipfile(BytesIO(data)):
        with ZipFile(BytesIO(data)) as archive:
            return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    location = answer.headers.get("Location", "")
    return f"{location}\n{data.decode(errors='replace')}"


def _text_of_pdf(data: bytes) -> str:
    """Blank where pypdf is not installed: a PDF's bytes say nothing, and differ each time it is made."""
    if find_spec("pypdf") is None:
        return ""
    from pypdf import PdfReader  # noqa: PLC0415 - for tests, and not everywhere

    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)


def client_for(subject: Subject, page: Page) -> FlaskClient | None:
    """Signed in as who may open a page of the village; None when nobody may."""
    standing = standing_with(subject.app, page.permission, wide=page.is_wide)
    return subject.client(*standing) if standing else None


# ---- what is asked of them ----


def wide_pages_of(subject: Subject) -> list[Page]:
    """Those for the district around the villages of the tests."""
    return pages_of(subject, DISTRICT, wide_name(subject.plugin))


def pages_that_do_not_open(subject: Subject) -> list[str]:
    faults: list[str] = []
    for page in (*pages_of(subject), *wide_pages_of(subject)):
        standing = standing_with(subject.app, page.permission, wide=page.is_wide)
        if standing is None:
            faults.append(f"no role holds {page.permission}: nobody could open {page}")
            continue
        status = _status(subject, page, standing)
        if status not in page.fine:
            faults.append(f"{page}: {status}")
    return faults


def pages_open_to_all(subject: Subject) -> list[str]:
    """Those that open for somebody who lacks the permission."""
    pages = (*pages_of(subject), *wide_pages_of(subject))
    found = ((page, standing_without(subject.app, page.permission, wide=page.is_wide)) for page in pages)
    answers = ((page, _status(subject, page, standing)) for page, standing in found if standing)
    return [f"{page}: {status}" for page, status in answers if status != 403]


def pages_there_when_off(subject: Subject) -> list[str]:
    for code in (VILLAGE, SIBLING):
        switch(subject.app, subject.plugin, on=False, village=code)
    try:
        pages = (*pages_of(subject), *wide_pages_of(subject))
        holders = ((page, standing_with(subject.app, page.permission, wide=page.is_wide)) for page in pages)
        answers = ((page, _status(subject, page, standing)) for page, standing in holders if standing)
        return [f"{page}: {status}" for page, status in answers if status != 404]
    finally:
        for code in (VILLAGE, SIBLING):
            switch(subject.app, subject.plugin, on=True, village=code)


def _status(subject: Subject, page: Page, standing: Standing) -> int:
    with subject.client(*standing).open(page.url, method=page.method) as answer:
        return answer.status_code
