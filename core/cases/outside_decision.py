"""The workflow of what somebody outside decides: the village proposes, waits, and tells the resident."""

from collections.abc import Mapping, Sequence

from core.texts import lazy_gettext as _

from .workflow import State, Text, Transition, Workflow

SOMEBODY_OUTSIDE = _("keputusan pihak luar")

# What is seen of a decision outside, as far as it recurs among programmes.
OUTSIDE_STEPS: Mapping[str, Text] = {
    "recommended": _("Direkomendasikan Dinas Sosial"),
    "proposed": _("Diusulkan di SIKS-NG"),
    "verified": _("Diverifikasi"),
    "at_ministry": _("Diproses kementerian"),
    "nominated": _("Masuk nominasi"),
    "account_activated": _("Rekening diaktifkan"),
    "decreed": _("SK terbit"),
    "paid": _("Dana cair"),
}


def outside_decision(
    *,
    stale_after_days: int,
    steps: Sequence[str | tuple[str, Text]] = (),
    time_days: int | None = None,
    tell_days: int = 3,
    waits_for: Text = SOMEBODY_OUTSIDE,
) -> Workflow:
    """The workflow of what somebody outside decides, such as a proposal for PBI-JK: the village proposes, then waits.

    What happens outside is recorded with its evidence: the day, and what was seen or decided. The case closes when the
    resident was told, whichever way it was decided.

    Args:
        stale_after_days: calendar days without news after which the case raises the alarm.
        steps: what can be seen on the way to the decision, in order: keys of ``OUTSIDE_STEPS``, or pairs (key, title).
        time_days: working days from registration until it is sent off; None takes those of the service standard.
        tell_days: working days in which the resident is told of the decision. No regulation sets them.
        waits_for: whom the case waits for, as it follows "waiting for".

    Raises:
        ValueError: a step that is only a key, and not one of ``OUTSIDE_STEPS``; or as :class:`Workflow`.
    """
    seen = [_step(step) for step in steps]
    waiting = ("sent", *(key for key, _title in seen))
    before_decision = ("registered", "handling", *waiting)
    states = (
        State("registered", _("Pendaftaran"), due_days=time_days),
        State("handling", _("Penanganan")),
        State("sent", _("Dikirim"), kind="waiting", waits_for=waits_for, stale_days=stale_after_days),
        *(State(key, title, "waiting", waits_for=waits_for, stale_days=stale_after_days) for key, title in seen),
        State("approved", _("Dikabulkan"), due_days=tell_days),
        State("rejected", _("Ditolak pihak luar"), due_days=tell_days),
        State("done", _("Selesai, warga diberi tahu"), kind="closed"),
        State("refused", _("Ditolak, warga diberi tahu"), kind="closed"),
        State("cancelled", _("Dibatalkan"), kind="closed"),
    )
    write, decide = "cases.write", "cases.decide"
    aside = {"asks": ("note",), "primary": False}
    told = _("Warga sudah diberi tahu")
    transitions = (
        Transition("handle", _("Mulai penanganan"), ("registered",), "handling", write),
        Transition("send", _("Kirim ke pihak luar"), ("handling",), "sent", write, ("note",), needs_requirements=True),
        *(
            Transition(key, _("Catat: %(step)s", step=title), (before,), key, write, ("date", "note"))
            for before, (key, title) in zip(waiting, seen, strict=False)
        ),
        Transition("approve", _("Catat: dikabulkan"), waiting, "approved", write, ("outcome", "date")),
        Transition(
            "reject", _("Catat: ditolak"), waiting, "rejected", write, ("outcome", "date", "note"), primary=False
        ),
        Transition("tell", told, ("approved",), "done", write, ("note",)),
        Transition("tell_rejected", told, ("rejected",), "refused", write, ("note",)),
        Transition("return", _("Dikembalikan untuk diperbaiki"), waiting, "handling", write, **aside),
        Transition("cancel", _("Batalkan"), before_decision, "cancelled", write, **aside, confirm=True),
        Transition("reopen", _("Buka kembali"), ("refused", "cancelled"), "handling", decide, **aside, reopens=True),
    )
    return Workflow("outside_decision", states, transitions, start="registered")


def _step(step: str | tuple[str, Text]) -> tuple[str, Text]:
    if not isinstance(step, str):
        return step
    if step not in OUTSIDE_STEPS:
        raise ValueError(f'step {step!r} has no title; write ("{step}", _("…")), or one of {sorted(OUTSIDE_STEPS)}')
    return step, OUTSIDE_STEPS[step]
