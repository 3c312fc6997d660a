"""What there is to tell: a case that moves, what another module has to say, papers that are missing for days.

A phone may be shared. So a message says which village writes, the ticket, and that there is news; never the service, a
paper, an illness, a NIK or a decision. Nothing is sent about a restricted case, whoever asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, select

from core.api import (
    Area,
    AreaCode,
    Case,
    Job,
    Notice,
    commit,
    db,
    find_areas,
    gettext,
    in_indonesian,
    missing_papers,
    now,
    scope,
    settings_of,
)
from core.api import lazy_gettext as _

from .models import WhatsAppConsent, WhatsAppMessage
from .outbox import queue, settle_dead
from .phone import normalised
from .retention import blank_old
from .settings import WhatsAppSettings, is_ready

MOST_A_NIGHT = 500


@dataclass(frozen=True)
class _CaseNews:
    """What an event tells of a case, read before the scope is entered anew."""

    village_id: int
    case_id: UUID
    person_id: UUID
    ticket: str
    state: str
    restricted: bool


def tell_of_case(case: Case, event: str) -> None:
    """After a case was opened, changed or closed. Commits."""
    news = _CaseNews(case.village_id, case.id, case.person_id, case.ticket, case.state, case.readers is not None)
    if news.restricted:
        return
    with scope(AreaCode.from_id(news.village_id)):
        area = _area(news.village_id)
        if area is None or not _is_told(area, event, news.state):
            return
        made = queue(
            area,
            f"case.{event}",
            text=_case_text(event, area, news.ticket),
            values=[area.title, news.ticket],
            person_id=news.person_id,
            case_id=news.case_id,
            reference=news.ticket,
        )
        if made is not None:
            commit()


def _is_told(area: Area, event: str, state: str) -> bool:
    settings = settings_of(area, WhatsAppSettings)
    if not is_ready(settings) or event not in (settings.case_events or ()):
        return False
    only = (settings.changed_states or "").split()
    return event != "changed" or not only or state in only


def _case_text(event: str, area: Area, ticket: str) -> str:
    """As the template says it, for the log; in Indonesian whoever is at the desk."""
    with in_indonesian():
        texts = {
            "opened": gettext(
                "Kabar dari %(village)s: permohonan %(ticket)s sudah kami catat.", village=area.title, ticket=ticket
            ),
            "changed": gettext(
                "Kabar dari %(village)s: ada perkembangan pada permohonan %(ticket)s.",
                village=area.title,
                ticket=ticket,
            ),
            "closed": gettext(
                "Kabar dari %(village)s: permohonan %(ticket)s sudah selesai diproses.",
                village=area.title,
                ticket=ticket,
            ),
        }
    return texts[event]


def tell_notice(notice: Notice) -> None:
    """What another module has to tell one resident, as its template's values. Commits."""
    phone = normalised(notice.phone) if notice.phone.strip() else None
    if notice.phone.strip() and phone is None:
        return
    with scope(AreaCode.from_id(notice.village_id)):
        area = _area(notice.village_id)
        if area is None or not _is_brought(area, notice.kind) or _is_restricted(notice):
            return
        made = queue(
            area,
            notice.kind,
            text=notice.text,
            values=notice.values,
            person_id=notice.person_id,
            phone=phone,
            reference=notice.reference,
        )
        if made is not None:
            commit()


def _is_brought(area: Area, kind: str) -> bool:
    settings = settings_of(area, WhatsAppSettings)
    return is_ready(settings) and kind not in (settings.silent_kinds or "").split()


def _is_restricted(notice: Notice) -> bool:
    """Whether it is about a case that not everybody may see: whoever tells of one can see it."""
    if not notice.reference:
        return False
    query = select(Case.id).where(
        Case.village_id == notice.village_id, Case.ticket == notice.reference, Case.readers.is_not(None)
    )
    return db.session.scalar(query) is not None


def nightly(area: Area) -> None:
    """Once a night: reminders of missing papers, claims of dead processes settled, old messages blanked."""
    settle_dead(area.id)
    blank_old(area)
    remind_of_papers(area)
    commit()


def remind_of_papers(area: Area) -> int:
    """At most one message a case in so many days, of the number of papers and not which. The caller commits."""
    settings = settings_of(area, WhatsAppSettings)
    if not is_ready(settings):
        return 0
    sent = 0
    cases = _may_lack_papers(area.id, settings.papers_after_days, settings.papers_every_days)
    lacking = missing_papers(cases)
    for case in cases:
        count = len(lacking.get(case.id, ()))
        if count:
            sent += _remind(area, case, count)
    return sent


def _remind(area: Area, case: Case, count: int) -> int:
    with in_indonesian():
        text = gettext(
            "Kabar dari %(village)s: permohonan %(ticket)s masih menunggu %(count)s berkas.",
            village=area.title,
            ticket=case.ticket,
            count=count,
        )
    made = queue(
        area,
        "case.papers",
        text=text,
        values=[area.title, case.ticket, str(count)],
        person_id=case.person_id,
        case_id=case.id,
        reference=case.ticket,
    )
    return made is not None


def _may_lack_papers(village_id: int, after_days: int, every_days: int) -> Sequence[Case]:
    """Open, for everybody to see, in the village's hands, of somebody who agreed, and not reminded of lately."""
    agreed = exists().where(
        WhatsAppConsent.village_id == Case.village_id,
        WhatsAppConsent.person_id == Case.person_id,
        WhatsAppConsent.stopped_at.is_(None),
        WhatsAppConsent.phone.is_not(None),
    )
    reminded = exists().where(
        WhatsAppMessage.village_id == Case.village_id,
        WhatsAppMessage.case_id == Case.id,
        WhatsAppMessage.kind == "case.papers",
        WhatsAppMessage.made_at > now() - timedelta(days=every_days),
    )
    return db.session.scalars(
        select(Case)
        .where(
            Case.village_id == village_id,
            Case.closed_at.is_(None),
            Case.readers.is_(None),
            Case.waiting.is_(False),
            Case.opened_at <= now() - timedelta(days=after_days),
            agreed,
            ~reminded,
        )
        .order_by(Case.opened_at, Case.id)
        .limit(MOST_A_NIGHT)
    ).all()


def _area(village_id: int) -> Area | None:
    return next(iter(find_areas([village_id])), None)


NIGHTLY = Job("whatsapp.nightly", _("Pengingat berkas dan pembersihan pesan WhatsApp"), nightly, nightly=True)
