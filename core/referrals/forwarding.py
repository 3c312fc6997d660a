"""Passing a referral on: another organisation is asked for the same resident, and the first one goes on waiting.

What was sent to the Dinas Sosial stays with it, so that the village still knows one organisation that owes it the
answer. The other one gets a referral of its own, with no more of the resident than the first was given.
"""

from flask_babel import gettext as _

from core.clock import today
from core.database.session import db

from .addressing import Opened
from .answering import Reply, answer
from .drafting import ReferralInput, create_draft
from .errors import ReferralError
from .history import note_step
from .models import Organisation, Referral
from .rules import needs_full_nik
from .sending import send
from .states import WITH_RECEIVER


def forward(opened: Opened, to: Organisation, note: str, *, answer_days: int | None = None) -> Referral:
    """Send the other referral, in the name of whoever acts; both sides read of it in the first one's history.

    Papers do not go along: the village gave them to the first organisation alone. The caller commits.

    Returns:
        The referral of the other organisation.

    Raises:
        ReferralError: it is not in the organisation's hands, ``to`` is the organisation itself or takes none, there is
            no reason, or the case is closed.
    """
    referral, case = opened.referral, opened.case
    if opened.area.suspended:
        raise ReferralError(_("Desa ini sedang ditangguhkan. Hubungi admin kabupaten."))
    if referral.state not in WITH_RECEIVER:
        raise ReferralError(_("Langkah itu tidak mungkin lagi dari keadaan rujukan sekarang."))
    if to.id == referral.organisation_id:
        raise ReferralError(_("Pilih lembaga lain: rujukan ini sudah ada di sana."), "to")
    if not note.strip():
        raise ReferralError(_("Tulis alasannya, supaya pihak lain tahu apa yang harus dilakukan."), "note")
    for state, key in (("sent", "accept"), ("accepted", "process")):
        if referral.state == state:
            answer(opened, key, Reply())
    full = referral.nik == "full" and needs_full_nik(to.sector, today(opened.area.timezone))
    told = _(
        "Diteruskan oleh %(name)s dari rujukan %(number)s.", name=referral.organisation.name, number=referral.number
    )
    data = ReferralInput(
        organisation=to,
        kind=referral.shared["kind"],
        ask=referral.shared["ask"],
        note=f"{told} {note.strip()}",
        fields=tuple(referral.fields),
        nik=referral.nik if referral.nik != "full" or full else "masked",
        answer_days=answer_days,
    )
    onward = create_draft(opened.area, case, data)
    db.session.refresh(onward, ["organisation"])
    send(opened.area, onward, case)
    details = {"onward": to.name, "number": onward.number or ""}
    note_step(referral, case, "forwarded", "receiver", note=note.strip(), **details)
    return onward
