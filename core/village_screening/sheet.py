"""Whom a run found, as a sheet to take along: a row for each resident and service."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from core.areas.current import CurrentArea
from core.cases.catalogue import offered
from core.cases.service import Service
from core.clock import today
from core.exports import Export, OnProgress, export_kind, request_export
from core.imports.sheet_files import write_table
from core.people.identity import mask_nik
from core.texts import lazy_gettext

from .lists import FoundRow, all_findings
from .models import ScreeningRun
from .runs import shown_run

KIND = "screening"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def request_findings(area: CurrentArea) -> Export:
    """Have the sheet made for the person who asks. The caller commits."""
    return request_export(area, KIND, f"penapisan-{area.code}-{today(area.timezone).isoformat()}.xlsx", {})


@export_kind(KIND, lazy_gettext("Hasil penapisan desa"), SHEET)
def write_findings(area: CurrentArea, path: Path, options: Mapping[str, Any], tell: OnProgress) -> None:  # noqa: ARG001 - as all kinds of exports
    run = shown_run(area.id)
    services = offered(area)
    book = path.with_suffix(".xlsx")  # which decides on the format; the file is on its way and has another name
    write_table(book, headers(), _rows(run, services) if run else ())
    book.replace(path)
    tell(1, 1)


def headers() -> tuple[str, ...]:
    return (_("RW"), _("RT"), _("Nama"), _("NIK"), _("Lahir"), _("Layanan"), _("Yang belum diketahui"))


def _rows(run: ScreeningRun, services: Mapping[str, Service]) -> Iterator[Sequence[str]]:
    for service in services.values():
        for sure in (True, False):
            for row in all_findings(run, service, sure=sure):
                yield cells(row, service)


def cells(row: FoundRow, service: Service) -> tuple[str, ...]:
    person, finding = row.person, row.finding
    birth_date, title = person.birth_date.isoformat(), str(service.title)
    return finding.rw, finding.rt, person.name, mask_nik(person.nik), birth_date, title, str(finding.open_questions)
