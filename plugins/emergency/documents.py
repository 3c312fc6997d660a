"""What stands on the record that goes to the facility: plain texts, Indonesian."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from core.api import Area, long_date, mask_nik

from .models import Escort
from .words import JKN, TIMES, TRANSPORT

UNKNOWN = "belum diketahui"


def record_values(area: Area, escort: Escort, today_on: datetime) -> Mapping[str, str]:
    """The NIK is masked: the paper passes through many hands, and the facility asks for the KTP itself."""
    person, zone = escort.person, ZoneInfo(area.timezone)
    times = {key: _clock(getattr(escort, f"{key}_at"), zone) for key in TIMES}
    return {
        "reference": escort.reference,
        "patient": person.name if person else escort.patient_name or UNKNOWN,
        "nik": mask_nik(person.nik) if person and person.nik else "–",
        "about": _about(escort, today_on.astimezone(zone)),
        "caller": " · ".join(filter(None, (escort.caller_name, escort.caller_phone))) or "–",
        "place": escort.place,
        "condition": escort.condition or "–",
        "jkn": str(JKN.get(escort.jkn, escort.jkn)),
        "transport": str(TRANSPORT.get(escort.transport, "–")),
        "escort": escort.escort_name or "–",
        "facility": escort.facility or "–",
        "receiver": escort.receiver,
        "day": long_date(escort.called_at.astimezone(zone).date()),
        **times,
    }


def _clock(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%d-%m-%Y, %H.%M}" if moment else "–"


def _about(escort: Escort, now: datetime) -> str:
    person = escort.person
    if person is None:
        return "–"
    sex = "laki-laki" if person.sex == "L" else "perempuan"
    return f"{person.age(now.date())} tahun, {sex}"
