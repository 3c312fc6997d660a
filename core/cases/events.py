"""The lines of a timeline in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row

from core.referrals.wording import case_line
from core.texts import lazy_gettext
from core.web.formats import long_date

from .intake import CHANNELS
from .models import CaseEvent
from .service import Service
from .standing import find_state


def describe(event: CaseEvent | Row, service: Service | None) -> str:
    """What happened, as a colleague would say it."""
    if say := _SPOKEN.get(event.kind):
        return say(event, service)
    if event.kind.startswith("referral_"):
        return case_line(event.kind, event.data)
    if event.kind in _PAPERS:
        return str(_PAPERS[event.kind]) % {"paper": _paper(event.data.get("key", ""), service)}
    return _plain(event.kind, event.data)


def _opened(event: CaseEvent | Row, _service: Service | None) -> str:
    return _("Didaftarkan. %(channel)s.", channel=CHANNELS.get(event.data.get("channel", ""), "–"))


def _assigned(event: CaseEvent | Row, _service: Service | None) -> str:
    return _("Dipegang %(name)s", name=event.note) if event.note else _("Dilepas, belum dipegang siapa pun")


def _plain(kind: str, data: Mapping[str, Any]) -> str:
    return str(_PLAIN[kind]) % {"reference": data.get("reference", "")} if kind in _PLAIN else kind


_PLAIN = {
    "task_added": lazy_gettext("Tugas baru"),
    "task_done": lazy_gettext("Tugas selesai"),
    "task_reopened": lazy_gettext("Tugas dibuka lagi"),
    "letter_issued": lazy_gettext("Surat %(reference)s dibuat"),
    "letter_signed": lazy_gettext("Surat %(reference)s ditandatangani"),
    "letter_revoked": lazy_gettext("Surat %(reference)s dicabut"),
}
_PAPERS = {
    "document_given": lazy_gettext("%(paper)s diunggah"),
    "document_reused": lazy_gettext("%(paper)s dipakai lagi"),
    "document_seen": lazy_gettext("%(paper)s diperlihatkan di meja"),
    "document_waived": lazy_gettext("%(paper)s dibebaskan"),
    "document_taken_back": lazy_gettext("%(paper)s diminta lagi"),
}


def _edited(event: CaseEvent | Row, service: Service | None) -> str:
    """Which answers were changed; what they were before is nobody's business in a timeline."""
    labels: dict[str, str] = {"note": _("Catatan"), "priority": _("Prioritas")}
    if service is not None:
        labels |= {field.short_name: str(field.label.text) for field in service.form()}
    changed = [labels.get(name) or name for name in event.data.get("fields", ())]
    return _("Isian diubah: %(fields)s", fields=", ".join(changed))


def details(event: CaseEvent | Row) -> str:
    """What was given with a step besides the note: the outcome, the day, how the resident was told."""
    on, how = event.data.get("on"), event.data.get("how") if event.kind == "moved" else None
    parts = [event.data.get("outcome", ""), long_date(date.fromisoformat(on)) if on else ""]
    if until := event.data.get("deadline"):
        parts.append(_("batas waktu %(day)s", day=long_date(date.fromisoformat(until))))
    parts += [_("warga diberi tahu: %(how)s", how=CHANNELS.get(how, how))] if how else []
    return ", ".join(part for part in parts if part)


def _moved(event: CaseEvent | Row, service: Service | None) -> str:
    if service is None:
        return f"{event.from_state} → {event.to_state}"
    step = next((t for t in service.workflow.transitions if t.key == event.data.get("step")), None)
    state = find_state(service.workflow, event.to_state or "")
    target = str(state.title) if state else event.to_state or ""
    return f"{step.label} → {target}" if step else target


def _moved_by(event: CaseEvent | Row, service: Service | None) -> str:
    """The step's label and the state to which it was taken back."""
    steps = service.workflow.transitions if service else ()
    label = next((str(step.label) for step in steps if step.key == event.data.get("step")), event.data.get("step", ""))
    state = find_state(service.workflow, event.to_state or "") if service else None
    return f"{label} → {state.title if state else event.to_state}"


def _paper(key: str, service: Service | None) -> str:
    found = next((r for r in service.requirements if r.key == key), None) if service else None
    return str(found.title) if found else key


def _step_undone(event: CaseEvent | Row, service: Service | None) -> str:
    return _("Diurungkan: %(step)s", step=_moved_by(event, service))


def _shown_to(event: CaseEvent | Row, _service: Service | None) -> str:
    return _("Dibuka untuk %(name)s", name=event.note)


def _hidden_from(event: CaseEvent | Row, _service: Service | None) -> str:
    return _("Ditutup kembali untuk %(name)s", name=event.note)


def _checked_ahead(event: CaseEvent | Row, service: Service | None) -> str:
    missing = ", ".join(_paper(key, service) for key in event.data.get("missing", ()))
    if not missing:
        return _("Berkas dicek di lapangan: lengkap")
    return _("Berkas dicek di lapangan, masih kurang: %(papers)s", papers=missing)


_SPOKEN = {
    "papers_checked": _checked_ahead,
    "step_undone": _step_undone,
    "opened": _opened,
    "moved": _moved,
    "edited": _edited,
    "assigned": _assigned,
    "shown_to": _shown_to,
    "hidden_from": _hidden_from,
}
