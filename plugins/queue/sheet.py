"""A day as an Excel sheet: numbers and times, nobody's name."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from core.api import Area, SheetColumn, SheetPage, excel_file, gettext

from .desk_days import Desk
from .models import QueueTicket
from .words import ORIGINS, PRIORITIES, STATES, label_of


def day_sheet(area: Area, desk: Desk, tickets: Sequence[QueueTicket]) -> BytesIO:
    """One line a number, in the order of arrival."""
    columns = (
        SheetColumn(gettext("Nomor"), 10),
        SheetColumn(gettext("Layanan"), 28),
        SheetColumn(gettext("Asal"), 24),
        SheetColumn(gettext("Prioritas"), 24),
        SheetColumn(gettext("Datang"), 10),
        SheetColumn(gettext("Dipanggil"), 10),
        SheetColumn(gettext("Mulai"), 10),
        SheetColumn(gettext("Selesai"), 10),
        SheetColumn(gettext("Menit menunggu"), 16),
        SheetColumn(gettext("Loket"), 16),
        SheetColumn(gettext("Keadaan"), 18),
        SheetColumn(gettext("Berkas lengkap"), 14),
    )
    return excel_file(SheetPage(gettext("Antrean"), columns, (_values(area, desk, ticket) for ticket in tickets)))


def _values(area: Area, desk: Desk, ticket: QueueTicket) -> tuple[str | int | None, ...]:
    zone = ZoneInfo(area.timezone)
    counter = desk.counters.get(ticket.counter_id) if ticket.counter_id else None
    papers = {True: gettext("ya"), False: gettext("belum"), None: ""}[ticket.papers_ready]
    return (
        label_of(desk.services[ticket.service_id], ticket),
        desk.services[ticket.service_id].name,
        str(ORIGINS.get(ticket.origin, ticket.origin)),
        str(PRIORITIES.get(ticket.priority, ticket.priority)),
        _clock(ticket.arrived_at, zone),
        _clock(ticket.called_at, zone),
        _clock(ticket.started_at, zone),
        _clock(ticket.finished_at, zone),
        waited(ticket),
        counter.name if counter else "",
        str(STATES.get(ticket.state, ticket.state)),
        papers,
    )


def waited(ticket: QueueTicket) -> int | None:
    """Whole minutes from the arrival to the first call."""
    return round((ticket.called_at - ticket.arrived_at).total_seconds() / 60) if ticket.called_at else None


def _clock(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%H.%M}" if moment else ""
