"""A copy of everything that is held about a resident, in words (UU 27/2022, pasal 7), as one JSON file."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, RowMapping, Uuid, exists, or_, select
from sqlalchemy.sql.schema import Column

from core.areas.current import CurrentArea
from core.audit import record
from core.cases.answers import form_with, left_over, readable
from core.cases.catalogue import find_service
from core.cases.intake import CHANNELS, PRIORITIES
from core.cases.models import Case
from core.cases.standing import state_title
from core.clock import now, today
from core.database.session import db
from core.exports import Export, OnProgress, export_kind, request_export
from core.meetings.personal import told_in_letters
from core.people.labels import (
    FAMILY_ROLE_TITLES,
    INSURANCE_TITLES,
    LIFE_STATUS_TITLES,
    REGISTRY_MATCH_TITLES,
    SEX_TITLES,
)
from core.people.models import Person
from core.people.registry import Gone
from core.people.search import find_person
from core.platform import platform
from core.texts import lazy_gettext

from .labels import column_title, table_title
from .leftovers import earlier_states
from .rows import Finder, Rows, Schema, read_schema

KIND = "personal_data"
HOOK = "personal_data_export"

# Of use to the machine alone.
LEFT_OUT = frozenset({"village_id", "version", "name_key", "sha256", "digest", "token", "import_id"})

# Codes whose words are the same in every programme.
WORDS: Mapping[str, Mapping[str, Mapping]] = {
    "persons": {
        "sex": SEX_TITLES,
        "family_role": FAMILY_ROLE_TITLES,
        "life_status": LIFE_STATUS_TITLES,
        "insurance": INSURANCE_TITLES,
        "registry_match": REGISTRY_MATCH_TITLES,
    },
    "cases": {"channel": CHANNELS, "priority": PRIORITIES},
}


@dataclass(frozen=True)
class Part:
    """Rows in words, under a title."""

    title: str
    plugin: str | None
    rows: list[dict[str, Any]]


def request_copy(area: CurrentArea, person: Person) -> Export:
    """Have the file made for the person who asks. The caller commits."""
    day, code = today(area.timezone).isoformat(), str(person.id)
    record("people.copy_requested", "person", person.id)
    return request_export(area, KIND, f"data-pribadi-{area.code}-{code[-6:]}-{day}.json", {"person_id": code})


@export_kind(KIND, lazy_gettext("Salinan data pribadi"), "application/json")
def write_copy(area: CurrentArea, path: Path, options: Mapping[str, Any], tell: OnProgress) -> None:
    person = find_person(area.id, UUID(options["person_id"]))
    if person is None:
        raise Gone(f"persons {options['person_id']}")
    write_file(area, person, path)
    tell(1, 1)


def write_file(area: CurrentArea, person: Person, path: Path) -> None:
    """Raises: Exception: a plugin failed; then no file is left, since it would have a gap that nobody sees."""
    content = json.dumps(personal_data(area, person), ensure_ascii=False, indent=2, default=_plain)
    path.write_text(content + "\n", encoding="utf-8")


def personal_data(area: CurrentArea, person: Person) -> dict[str, Any]:
    """Core's tables by title, then what each plugin holds: the rows of its tables, and what it adds by its hook."""
    parts, by_plugin = list(_parts(person)), dict[str, dict[str, Any]]()
    for part in parts:
        if part.plugin is not None:
            by_plugin.setdefault(part.plugin, {})[part.title] = part.rows
    for plugin, more in platform().plugins.hooks_of_all().fulfil(HOOK, person=person):
        by_plugin.setdefault(plugin, {}).update(more)
    before = [_earlier(row) for row in earlier_states(person)]
    in_letters = told_in_letters(person)
    return {
        _("Tentang berkas ini"): {
            _("isi"): _("Salinan semua data tentang seorang warga (UU 27/2022 tentang Pelindungan Data Pribadi)"),
            _("desa"): f"{area.title}, {area.path}",
            _("dibuat pada"): now().isoformat(),
        },
        **{part.title: part.rows for part in parts if part.plugin is None},
        **({_("Data diri sebelum impor"): before} if before else {}),
        **({_("Surat musdes"): in_letters} if in_letters else {}),
        _("Modul"): {_title_of(plugin): held for plugin, held in sorted(by_plugin.items())},
    }


def _parts(person: Person) -> Iterator[Part]:
    schema = read_schema()
    for family in (False, True):
        for found in Finder(schema, person, family=family).rows():
            plugin = _owner(schema, found)
            query = select(found.table).where(found.of_resident, *_seen(found))
            rows = db.session.execute(query.order_by(found.table.c.id)).mappings()
            if told := [_in_words(found, row) for row in rows]:
                title = table_title(found.table.name, plugin)
                yield Part(f"{title} ({_('keluarga')})" if family and plugin else title, plugin, told)


def _seen(found: Rows) -> Iterator[ColumnElement[bool]]:
    """A row of a case that whoever asks for the copy may not see (``core.cases.restricted``) is not in it either."""
    if found.table.name != "cases" and "case_id" in found.table.columns:
        case_id = found.table.c.case_id
        shown = exists().where(Case.village_id == found.table.c.village_id, Case.id == case_id)
        yield or_(case_id.is_(None), shown)


def _owner(schema: Schema, found: Rows) -> str | None:
    """A table whose plugin is not loaded stands by its own name."""
    return found.table.name if found.table.name in schema.unloaded else found.plugin


def _title_of(plugin: str) -> str:
    manifest = platform().plugins.plugins.get(plugin)
    return str(manifest.title) if manifest else plugin


def _in_words(found: Rows, row: RowMapping) -> dict[str, Any]:
    told = {
        column_title(column.name): row[column.name] for column in found.table.columns if _tells_something(column, row)
    }
    told |= {
        column_title(name): str(titles[row[name]])
        for name, titles in WORDS.get(found.table.name, {}).items()
        if row[name] in titles and column_title(name) in told
    }
    return {**told, **_case_in_words(row)} if found.table.name == "cases" else told


def _tells_something(column: Column, row: RowMapping) -> bool:
    """Blank columns and the ids of officers say nothing about the resident."""
    is_foreign_id = isinstance(column.type, Uuid) and column.name != "id" and not column.foreign_keys
    return column.name not in LEFT_OUT and not is_foreign_id and row[column.name] not in (None, "", {}, [])


def _case_in_words(row: RowMapping) -> dict[str, Any]:
    """The service, the state and the answers as the pages show them, for as long as the plugin is installed."""
    service = find_service(row["service"])
    if service is None:
        return {}
    form = form_with(service.form, row["data"])
    answers = {str(field.label.text): readable(field) for field in form if field.short_name in row["data"]}
    return {
        column_title("service"): str(service.title),
        column_title("state"): state_title(row["state"], service),
        column_title("data"): {**answers, **dict(left_over(form, row["data"]))},
    }


def _earlier(before: Mapping[str, Any]) -> dict[str, Any]:
    return {
        column_title(name): value
        for name, value in before.items()
        if name not in LEFT_OUT and value not in (None, "", {}, [])
    }


def _plain(value: object) -> str:
    """What JSON has no kind for: dates, ids, decimals, texts in another language, bytes."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)  # pyright: ignore[reportAttributeAccessIssue]
