"""The workflow of what somebody outside decides: the village proposes, waits, and tells the resident."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from core.texts import lazy_gettext as _

from .workflow import Ask, State, Text, Transition, Workflow

SOMEBODY_OUTSIDE = _("keputusan pihak luar")
GRANTED = _("Dikabulkan")
SEND = _("Kirim ke pihak luar")

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
    waits_for: Text | Mapping[str, Text] = SOMEBODY_OUTSIDE,
    granted: Text = GRANTED,
    send: Text = SEND,
    referral: str | None = None,
) -> Workflow:
    """The workflow of what somebody outside decides, such as a proposal for PBI-JK: the village proposes, then waits.

    What happens outside is recorded with its evidence: the day, and what was seen or decided. The case closes when the
    resident was told, whichever way it was decided.

    Args:
        stale_after_days: calendar days without news after which the case raises the alarm.
        steps: what can be seen on the way to the decision, in order: keys of ``OUTSIDE_STEPS``, or pairs (key, title).
        time_days: working days from registration until it is sent off; None takes those of the service standard.
        tell_days: working days in which the resident is told of the decision. No regulation sets them.
        waits_for: whom the case waits for, as it follows "waiting for"; by state ("sent" and the steps) where it
            differs.
        granted: the name of the state that was hoped for.
        send: what the button of the sending says.
        referral: the step that is reached when the organisation grants the service's planned referral: one of
            ``steps``, or "approve". It is then sent by that referral, and a refusal of it leads to the rejection.

    Raises:
        ValueError: a step that is only a key, and not one of ``OUTSIDE_STEPS``; a referral that leads to no step; or as
            :class:`Workflow`.
    """
    seen = [_step(step) for step in steps]
    waiting = ("sent", *(key for key, _title in seen))
    if referral not in (None, "approve", *waiting[1:]):
        raise ValueError(f"referral {referral!r} leads to none of the steps {waiting[1:]}, nor to 'approve'")
    awaited = waits_for if isinstance(waits_for, Mapping) else dict.fromkeys(waiting, waits_for)
    outside = [
        State(key, title, "waiting", waits_for=awaited.get(key, SOMEBODY_OUTSIDE), stale_days=stale_after_days)
        for key, title in (("sent", _("Dikirim")), *seen)
    ]
    states = (
        State("registered", _("Pendaftaran"), due_days=time_days),
        State("handling", _("Penanganan")),
        *outside,
        State("approved", granted, due_days=tell_days),
        State("rejected", _("Ditolak pihak luar"), due_days=tell_days),
        State("done", _("Selesai, warga diberi tahu"), kind="closed"),
        State("refused", _("Ditolak, warga diberi tahu"), kind="closed"),
        State("cancelled", _("Dibatalkan"), kind="closed"),
    )
    transitions = tuple(_transitions(outside, granted, send, referral))
    return Workflow("outside_decision", states, transitions, start="registered")


def _transitions(outside: Sequence[State], granted: Text, send: Text, referral: str | None) -> Iterator[Transition]:
    write, decide, waiting = "cases.write", "cases.decide", tuple(state.key for state in outside)
    told, before_decision = _("Warga sudah diberi tahu"), ("registered", "handling", *waiting)
    aside = {"asks": ("note",), "primary": False}
    # A referral says by itself what went where; without one the note has to.
    by: tuple[Ask, ...] = () if referral else ("note",)
    sent = Transition("send", send, ("handling",), "sent", write, by, needs_requirements=True)
    yield Transition("handle", _("Mulai penanganan"), ("registered",), "handling", write)
    yield replace(sent, needs_referral=referral is not None)
    yield from _news(outside, granted, referral)
    yield Transition("tell", told, ("approved",), "done", write, tells=True)
    yield Transition("tell_rejected", told, ("rejected",), "refused", write, tells=True)
    yield Transition("return", _("Dikembalikan untuk diperbaiki"), waiting, "handling", write, **aside)
    yield Transition("cancel", _("Batalkan"), before_decision, "cancelled", write, **aside, confirm=True)
    yield Transition("reopen", _("Buka kembali"), ("refused", "cancelled"), "handling", decide, **aside, reopens=True)


def _news(outside: Sequence[State], granted: Text, referral: str | None) -> Iterator[Transition]:
    """What is seen of the decision, each with its evidence; one of them is what the referral was granted for."""
    write, waiting = "cases.write", tuple(state.key for state in outside)
    seen = [
        Transition(state.key, _seen(state.title), (before.key,), state.key, write, ("date", "note"))
        for before, state in pairwise(outside)
    ]
    seen.append(Transition("approve", _seen(granted), waiting, "approved", write, ("outcome", "date")))
    yield from (replace(step, answered="done") if step.key == referral else step for step in seen)
    evidence: tuple[Ask, ...] = ("outcome", "date", "note")
    refused = Transition("reject", _("Catat: ditolak"), waiting, "rejected", write, evidence, primary=False)
    yield replace(refused, answered="refused") if referral else refused


def _seen(title: Text) -> Text:
    return _("Catat: %(step)s", step=title)


def _step(step: str | tuple[str, Text]) -> tuple[str, Text]:
    if not isinstance(step, str):
        return step
    if step not in OUTSIDE_STEPS:
        raise ValueError(f'step {step!r} has no title; write ("{step}", _("…")), or one of {sorted(OUTSIDE_STEPS)}')
    return step, OUTSIDE_STEPS[step]
