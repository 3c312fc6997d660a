"""The workflow of what somebody outside decides: the village proposes, waits, and tells the resident."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from core.rules.rulebook import Rules, RuleValue
from core.texts import lazy_gettext as _

from .workflow import Ask, LetterStage, State, Text, Transition, Workflow

SOMEBODY_OUTSIDE = _("keputusan pihak luar")
GRANTED = _("Dikabulkan")
SEND = _("Kirim ke pihak luar")
NO_DEADLINES: Mapping[str, Text] = MappingProxyType({})

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
# Whom a case waits for that the Dinas Sosial has put forward, where a programme names nobody else.
THROUGH_DINSOS: Mapping[str, Text] = {
    "sent": _("pengesahan Dinas Sosial"),
    "recommended": _("usulan Dinas Sosial di SIKS-NG"),
    "proposed": _("penetapan Kemensos"),
    "at_ministry": _("penetapan Kemensos"),
}


def outside_decision(
    rules: Rules | None = None,
    *,
    stale_after_days: int | RuleValue | None = None,
    steps: Sequence[str | tuple[str, Text]] = (),
    time_days: int | RuleValue | None = None,
    tell_days: int | RuleValue | None = None,
    waits_for: Text | Mapping[str, Text] = SOMEBODY_OUTSIDE,
    granted: Text = GRANTED,
    send: Text = SEND,
    referral: str | None = None,
    letter: LetterStage | None = None,
    deadlines: Mapping[str, Text] = NO_DEADLINES,
    skippable: Collection[str] = (),
    papers_later: int | RuleValue | None = None,
    needs_resident: bool = True,
) -> Workflow:
    """The workflow of what somebody outside decides, such as a proposal for PBI-JK: the village proposes, then waits.

    What happens outside is recorded with its evidence: the day, and what was seen or decided. The case closes when the
    resident was told, whichever way it was decided.

    Args:
        rules: those whose ``stale_days`` and ``tell_days`` hold where the next two are left out.
        stale_after_days: calendar days without news after which the case raises the alarm. These and the other days
            may be ``rules.value(…)``.
        steps: what can be seen on the way to the decision, in order: keys of ``OUTSIDE_STEPS``, or pairs (key, title).
        time_days: working days from registration until it is sent off; None takes those of the service standard.
        tell_days: working days in which the resident is told of the decision; 3 where the rules do not say it either.
            No regulation sets them.
        waits_for: whom the case waits for, as it follows "waiting for"; by state ("sent" and the steps) where it
            differs.
        granted: the name of the state that was hoped for.
        send: what the button of the sending says.
        referral: the step that is reached when the organisation grants the service's planned referral: one of
            ``steps``, or "approve". It is then sent by that referral, and a refusal of it leads to the rejection.
        letter: what must have happened to the case's letter before it is sent off; None when no letter need go along:
            it may then be issued until the first news.
        deadlines: steps after which the resident has to do something by a day that is told with the step, each with
            what that day is called. The case is the desk's until the next step is seen, and due on the day.
        skippable: steps that not every case goes through; the one after them can be recorded without them.
        papers_later: working days within which an urgent case brings papers that are missing when it is sent off; they
            do not stop the sending, but the case does not end well without them. None: nobody goes without.
        needs_resident: nothing is sent off for somebody on record as dead or moved away; False where just that may be
            what is to be told.

    Raises:
        ValueError: a step that is only a key, and not one of ``OUTSIDE_STEPS``; a referral that leads to no step; a
            deadline or something to be skipped that is no step; nothing says after how many days the alarm is raised;
            or as :class:`Workflow`.
    """
    stale_after_days, tell_days = _days(rules, "stale_days", stale_after_days), _days(rules, "tell_days", tell_days, 3)
    seen = [_step(step) for step in steps]
    waiting = ("sent", *(key for key, _title in seen))
    if referral not in (None, "approve", *waiting[1:]):
        raise ValueError(f"referral {referral!r} leads to none of the steps {waiting[1:]}, nor to 'approve'")
    if unknown := sorted({*deadlines, *skippable} - {key for key, _title in seen}):
        raise ValueError(f"{unknown} are none of the steps {waiting[1:]}")
    awaited = waits_for if isinstance(waits_for, Mapping) else dict.fromkeys(waiting, waits_for)
    outside = [
        State(key, title, deadline=deadlines[key])
        if key in deadlines
        else State(key, title, "waiting", waits_for=awaited.get(key, SOMEBODY_OUTSIDE), stale_days=stale_after_days)
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
    sending = Transition(
        "send",
        send,
        ("handling",),
        "sent",
        "cases.write",
        needs_requirements=True,
        needs_letter=letter,
        needs_resident=needs_resident,
        papers_later=papers_later,
    )
    # A referral says by itself what went where; without one the note has to.
    sending = replace(sending, needs_referral=True) if referral else replace(sending, asks=("note",))
    transitions = tuple(_transitions(outside, granted, sending, referral, skippable))
    before_news = ("registered", "handling", "sent")
    return Workflow("outside_decision", states, transitions, start="registered", letters_along=before_news)


def through_dinsos(rules: Rules, *, steps: Sequence[str | tuple[str, Text]], granted: Text, **more: Any) -> Workflow:
    """The outside decision of what the Dinas Sosial puts forward: sent to it by the service's referral.

    Args:
        rules: whose ``stale_days`` and ``tell_days`` hold.
        steps: as those of :func:`outside_decision`; the Dinas Sosial's own, "recommended", is among them.
        more: what differs: any other argument of :func:`outside_decision`. ``waits_for`` adds to who is usually waited
            for: the Dinas Sosial, then Kemensos.
    """
    waits_for = {**THROUGH_DINSOS, **more.pop("waits_for", {})}
    usual = {"send": _("Catat: sudah dikirim ke Dinas Sosial"), "referral": "recommended"}
    return outside_decision(rules, steps=steps, granted=granted, waits_for=waits_for, **{**usual, **more})


def _days(
    rules: Rules | None, key: str, given: int | RuleValue | None, otherwise: int | None = None
) -> int | RuleValue:
    """What is declared, else what the rules say of it."""
    if given is not None:
        return given
    if rules and rules.has(key):
        return rules.value(key)
    if otherwise is None:
        raise ValueError(f"outside_decision: say stale_after_days, or give rules that have {key}")
    return otherwise


def _transitions(
    outside: Sequence[State], granted: Text, sending: Transition, referral: str | None, skippable: Collection[str]
) -> Iterator[Transition]:
    write, decide, waiting = "cases.write", "cases.decide", tuple(state.key for state in outside)
    told, before_decision = _("Warga sudah diberi tahu"), ("registered", "handling", *waiting)
    aside = {"asks": ("note",), "primary": False}
    yield Transition("handle", _("Mulai penanganan"), ("registered",), "handling", write)
    yield sending
    yield from _news(outside, granted, referral, skippable)
    owed = sending.papers_later is not None
    yield Transition("tell", told, ("approved",), "done", write, tells=True, needs_requirements=owed)
    yield Transition("tell_rejected", told, ("rejected",), "refused", write, tells=True)
    yield Transition("return", _("Dikembalikan untuk diperbaiki"), waiting, "handling", write, **aside)
    yield Transition("cancel", _("Batalkan"), before_decision, "cancelled", write, **aside, confirm=True)
    yield Transition("reopen", _("Buka kembali"), ("refused", "cancelled"), "handling", decide, **aside, reopens=True)


def _news(
    outside: Sequence[State], granted: Text, referral: str | None, skippable: Collection[str]
) -> Iterator[Transition]:
    """What is seen of the decision, each with its evidence; one of them is what the referral was granted for."""
    write, waiting = "cases.write", tuple(state.key for state in outside)
    seen = [
        Transition(state.key, _seen(state.title), _before(outside, place, skippable), state.key, write, _asked(state))
        for place, state in enumerate(outside)
        if place
    ]
    seen.append(Transition("approve", _seen(granted), waiting, "approved", write, ("outcome", "date")))
    yield from (replace(step, answered="done") if step.key == referral else step for step in seen)
    evidence: tuple[Ask, ...] = ("outcome", "date", "note")
    refused = Transition("reject", _("Catat: ditolak"), waiting, "rejected", write, evidence, primary=False)
    yield replace(refused, answered="refused") if referral else refused
    for state in outside:
        if state.deadline:
            key, label = f"{state.key}_later", _("Catat: %(deadline)s berubah", deadline=state.deadline)
            yield Transition(key, label, (state.key,), state.key, write, ("deadline", "note"), primary=False)


def _asked(state: State) -> tuple[Ask, ...]:
    return ("date", "deadline", "note") if state.deadline else ("date", "note")


def _before(outside: Sequence[State], place: int, skippable: Collection[str]) -> tuple[str, ...]:
    """From where a step can be recorded: the one before it, and further back as long as those may be left out."""
    first = place - 1
    while first and outside[first].key in skippable:
        first -= 1
    return tuple(state.key for state in outside[first:place])


def _seen(title: Text) -> Text:
    return _("Catat: %(step)s", step=title)


def _step(step: str | tuple[str, Text]) -> tuple[str, Text]:
    if not isinstance(step, str):
        return step
    if step not in OUTSIDE_STEPS:
        raise ValueError(f'step {step!r} has no title; write ("{step}", _("…")), or one of {sorted(OUTSIDE_STEPS)}')
    return step, OUTSIDE_STEPS[step]
