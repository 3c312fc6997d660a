"""Who may do what until when, as an Excel sheet."""

from collections.abc import Mapping, Sequence
from io import BytesIO

from core.api import SheetCell, SheetColumn, SheetPage, Worker, excel_file, gettext

from .qualifications import NONE, PersonStanding
from .words import ROLES


def people_sheet(
    rows: Sequence[tuple[Worker, PersonStanding]], villages: Mapping[int, str], services: Mapping[str, str]
) -> BytesIO:
    """A line a person; under each service the day on which the certificate ends, "tidak berakhir" or nothing."""
    columns = [
        SheetColumn(gettext("Desa"), 26),
        SheetColumn(gettext("Nama"), 30),
        SheetColumn(gettext("Peran"), 26),
        *(SheetColumn(title, 24) for title in services.values()),
    ]
    lines: list[Sequence[SheetCell]] = [
        (
            villages.get(worker.village_id, ""),
            worker.name,
            str(ROLES.get(worker.role, worker.role)),
            *(_cell(person, name) for name in services),
        )
        for worker, person in rows
    ]
    return excel_file(SheetPage(gettext("Kecakapan petugas"), columns, lines))


def _cell(person: PersonStanding, service: str) -> SheetCell:
    standing = person.services[service]
    return None if standing.state == NONE else standing.until or gettext("tidak berakhir")
