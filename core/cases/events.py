"""The lines of a timeline in words."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from core.referrals.wording import case_line
from core.web.formats import long_date

from .intake import CHANNELS
from .models import CaseEvent
from .service import Service
from .standing import find_state


def describe(event: CaseEvent, service: Service | None) -> str:
    """What happened, as a colleague would say it."""
    data = event.data
    if event.kind == "opened":
        return _("Didaftarkan. %(channel)s.", channel=CHANNELS.get(data.get("channel", ""), "–"))
    if event.kind == "moved":
        return _moved(event, service)
    if event.kind == "edited":
        return _edited(data.get("fields", ()), service)
    if event.kind.startswith("referral_"):
        return case_line(event.kind, data)
    if "key" in data and event.kind.startswith("document"):
        return _document(event.kind, _paper(data["key"], service))
    texts = {
        "assigned": _("Dipegang %(name)s", name=event.note) if event.note else _("Dilepas, belum dipegang siapa pun"),
        "task_added": _("Tugas baru"),
        "task_done": _("Tugas selesai"),
        "task_reopened": _("Tugas dibuka lagi"),
        "letter_issued": _("Surat %(reference)s dibuat", reference=data.get("reference", "")),
        "letter_signed": _("Surat %(reference)s ditandatangani", reference=data.get("reference", "")),
        "letter_revoked": _("Surat %(reference)s dicabut", reference=data.get("reference", "")),
    }
    return texts.get(event.kind, event.kind)


def _edited(fields: Sequence[str], service: Service | None) -> str:
    """Which answers were changed; what they were before is nobody's business in a timeline."""
    labels = {"note": _("Catatan"), "priority": _("Prioritas")}
    if service is not None:
        labels |= {field.short_name: str(field.label.text) for field in service.form()}
    return _("Isian diubah: %(fields)s", fields=", ".join(labels.get(name, name) for name in fields))


def details(event: CaseEvent) -> str:
    """What was given with a step besides the note: the outcome, the day, how the resident was told."""
    on, how = event.data.get("on"), event.data.get("how") if event.kind == "moved" else None
    parts = [event.data.get("outcome", ""), long_date(date.fromisoformat(on)) if on else ""]
    parts += [_("warga diberi tahu: %(how)s", how=CHANNELS.get(how, how))] if how else []
    return ", ".join(part for part in parts if part)


def _moved(event: CaseEvent, service: Service | None) -> str:
    if service is None:
        return f"{event.from_state} → {event.to_state}"
    step = next((t for t in service.workflow.transitions if t.key == event.data.get("step")), None)
    state = find_state(service.workflow, event.to_state or "")
    target = str(state.title) if state else event.to_state or ""
    return f"{step.label} → {target}" if step else target


def _paper(key: str, service: Service | None) -> str:
    found = next((r for r in service.requirements if r.key == key), None) if service else None
    return str(found.title) if found else key


def _document(kind: str, paper: str) -> str:
    texts = {
        "document_given": _("%(paper)s diunggah", paper=paper),
        "document_reused": _("%(paper)s dipakai lagi", paper=paper),
        "document_seen": _("%(paper)s diperlihatkan di meja", paper=paper),
        "document_waived": _("%(paper)s dibebaskan", paper=paper),
        "document_taken_back": _("%(paper)s diminta lagi", paper=paper),
    }
    return texts.get(kind, paper)
