"""The case that follows an escort: about the patient's cover, in a service of another module that the village has.

Which service, the settings say by what is known of the JKN. What is known of the escort is put into the fields of the
service's own form that have these names: ``care``, ``facility``, ``admitted_on``, ``cover`` and ``escort``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from wtforms import Form, SelectField

from core.api import (
    Area,
    Case,
    CaseError,
    Intake,
    Service,
    db,
    gettext,
    in_indonesian,
    offered,
    open_case,
    record,
    settings_of,
)

from .handling import note
from .models import Escort
from .settings import EmergencySettings, lines_in

COVER = {"none": "none", "inactive": "stopped", "unknown": "unknown", "active": "active"}


def suitable(area: Area, jkn: str) -> list[Service]:
    """The services of this village that may follow, the one to be preferred first; empty where none is switched on."""
    settings = settings_of(area, EmergencySettings)
    wished = {"none": settings.when_none, "inactive": settings.when_inactive}.get(jkn, settings.when_unknown)
    services = offered(area)
    return [services[name] for name in lines_in(wished) if name in services]


def prefilled(area: Area, service: Service, escort: Escort) -> Form:
    """The service's form with what the escort tells; a field that takes no such value stays as it is."""
    form = service.form()
    for name, value in _facts(area, escort).items():
        if name in form and _takes(form[name], value):
            form[name].process(None, value)
    return form


def _facts(area: Area, escort: Escort) -> Mapping[str, Any]:
    admitted = escort.arrived_at or escort.handed_over_at or escort.called_at
    return {
        "care": "emergency",
        "facility": escort.facility,
        "admitted_on": admitted.astimezone(ZoneInfo(area.timezone)).date(),
        "cover": COVER.get(escort.jkn, "unknown"),
        "escort": escort.escort_name,
    }


def _takes(field: Any, value: Any) -> bool:
    if isinstance(field, SelectField):
        return value in {choice.value for choice in cast(Iterable[Any], field.iter_choices())}
    return bool(value)


def going(escort: Escort, services: Sequence[Service]) -> Sequence[Case]:
    """What the resident has going already in these services, the latest first."""
    if escort.person_id is None or not services:
        return []
    return db.session.scalars(
        select(Case)
        .where(
            Case.village_id == escort.village_id,
            Case.person_id == escort.person_id,
            Case.service.in_([service.name for service in services]),
            Case.closed_at.is_(None),
        )
        .order_by(Case.opened_at.desc())
        .limit(5)
    ).all()


def open_follow_up(
    area: Area, escort: Escort, service: Service, answers: Mapping[str, Any], phone: str, *, by: UUID
) -> Case:
    """Open the case, urgent, and tie the escort to it. The caller holds the row and commits.

    Raises:
        CaseError: nobody knows yet who the patient is, a case follows already, or the resident has one going.
    """
    _must_wait(escort)
    if escort.person is None:
        raise CaseError(gettext("Kaitkan dulu dengan data warga."))
    if any(case.service == service.name for case in going(escort, [service])):
        raise CaseError(gettext("Warga ini sudah punya kasus terbuka untuk layanan itu. Tautkan kasus itu."))
    with in_indonesian():  # what is kept is not in the language of whoever keeps it
        relation = gettext("PSM pendamping") if escort.escort_name else ""
        text = gettext("Susulan pendampingan darurat %(reference)s.", reference=escort.reference)
    intake = Intake(
        channel="field_worker",
        answers=answers,
        priority="urgent",
        reporter_name=escort.escort_name,
        reporter_relation=relation,
        reporter_phone=phone,
        note=text,
        privacy_notice_given=True,
    )
    case = open_case(area, service, escort.person, intake)
    _tie(escort, case, "emergency.case_opened", by)
    return case


def link_case(escort: Escort, case_id: UUID, services: Sequence[Service], *, by: UUID) -> Case:
    """Tie it to what the resident has going already, which is then the case that follows.

    Raises:
        CaseError: a case follows already, or that is none of this resident's that would do.
    """
    _must_wait(escort)
    case = next((case for case in going(escort, services) if case.id == case_id), None)
    if case is None:
        raise CaseError(gettext("Kasus itu sudah ditutup, atau bukan kasus warga ini."))
    _tie(escort, case, "emergency.case_linked", by)
    return case


def close_without_case(escort: Escort, why: str, text: str, *, by: UUID | None) -> None:
    """Nothing is to be opened, for a reason that stays.

    Raises:
        CaseError: a case follows already, or the escort is not ended.
    """
    _must_wait(escort)
    escort.follow_up, escort.follow_up_why, escort.follow_up_note = "none", why, text
    note(escort, "no_case", by, text)
    record("emergency.no_case", "emergency_escort", escort.id, reference=escort.reference, why=why)


def _must_wait(escort: Escort) -> None:
    if not escort.waits_for_case:
        raise CaseError(gettext("Tindak lanjutnya sudah selesai, atau pasien belum diserahterimakan."))


def _tie(escort: Escort, case: Case, deed: str, by: UUID) -> None:
    escort.case_id, escort.follow_up = case.id, "case"
    note(escort, "case", by, case.ticket)
    record(deed, "emergency_escort", escort.id, reference=escort.reference, ticket=case.ticket)
