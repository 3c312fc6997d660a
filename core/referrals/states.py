"""The states of a referral and the steps between them: one table for both sides.

dibuat → dikirim → diterima | dikembalikan → diproses → selesai | ditolak → umpan balik ke warga. Only the last one
closes a referral: not the answer of the organisation, but that the resident was told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from core.cases.workflow import Text
from core.texts import lazy_gettext as _

Side = Literal["village", "receiver"]


@dataclass(frozen=True, eq=False)
class ReferralState:
    """``mark`` is the colour of its tag: wait while the other side's turn, due when the village's, ok when closed.

    ``still`` says what the village has to do yet.
    """

    key: str
    title: Text
    mark: str
    still: Text | None = None


STATES: Mapping[str, ReferralState] = {
    state.key: state
    for state in (
        ReferralState("draft", _("Dibuat"), "", _("periksa, lalu kirim")),
        ReferralState("sent", _("Dikirim"), "wait"),
        ReferralState("accepted", _("Diterima"), "wait"),
        ReferralState("processing", _("Diproses"), "wait"),
        ReferralState("returned", _("Dikembalikan"), "due", _("lengkapi, lalu kirim lagi")),
        ReferralState("done", _("Selesai"), "due", _("beri tahu warga")),
        ReferralState("refused", _("Ditolak"), "due", _("beri tahu warga")),
        ReferralState("told", _("Warga diberi tahu"), "ok"),
    )
}

WITH_RECEIVER = ("sent", "accepted", "processing")
"""It is the organisation's turn, and only then does it see what it was given of the resident."""

TO_TELL = ("done", "refused")
"""The organisation has decided; the resident does not know yet."""


@dataclass(frozen=True, eq=False)
class ReferralStep:
    """A step of one side.

    Attributes:
        needs_note: a reason or an answer must be written.
        needs_evidence: a file or where the result can be checked (the number of a letter, of a card) must come with it.
    """

    key: str
    side: Side
    label: Text
    source: tuple[str, ...]
    target: str
    needs_note: bool = False
    needs_evidence: bool = False


STEPS: Mapping[str, ReferralStep] = {
    step.key: step
    for step in (
        ReferralStep("send", "village", _("Kirim rujukan"), ("draft", "returned"), "sent"),
        ReferralStep("recall", "village", _("Tarik kembali"), WITH_RECEIVER, "returned", needs_note=True),
        ReferralStep("tell", "village", _("Warga sudah diberi tahu"), ("returned", *TO_TELL), "told"),
        ReferralStep("accept", "receiver", _("Terima"), ("sent",), "accepted"),
        ReferralStep("process", "receiver", _("Mulai proses"), ("accepted",), "processing"),
        ReferralStep(
            "finish",
            "receiver",
            _("Jawab: selesai"),
            ("accepted", "processing"),
            "done",
            needs_note=True,
            needs_evidence=True,
        ),
        ReferralStep("refuse", "receiver", _("Jawab: ditolak"), ("accepted", "processing"), "refused", needs_note=True),
        ReferralStep("return", "receiver", _("Kembalikan ke desa"), ("sent", "accepted"), "returned", needs_note=True),
    )
}


def steps_from(state: str, side: Side) -> list[ReferralStep]:
    """What one side may do with a referral in ``state``, in the order of the table."""
    return [step for step in STEPS.values() if step.side == side and state in step.source]


# The bar above a referral: the way that it normally takes.
MAIN_PATH: tuple[str, ...] = ("draft", "sent", "accepted", "processing", "answered", "told")
BAR_TITLES: Mapping[str, Text] = {
    "draft": _("Dibuat"),
    "sent": _("Dikirim"),
    "accepted": _("Diterima"),
    "processing": _("Diproses"),
    "answered": _("Dijawab"),
    "told": _("Warga diberi tahu"),
    "returned": _("Dikembalikan"),
    "done": _("Selesai"),
    "refused": _("Ditolak"),
}


def bar(state: str, decision: str) -> list[tuple[Text, str]]:
    """Pairs of title and mark (done, now or "") for the bar of a referral.

    Args:
        decision: "done" or "refused" once the organisation has answered, else "". A referral that came back shows the
            way up to the sending, and what follows once it is sent again.
    """
    path = list(MAIN_PATH)
    if decision:
        path[4] = decision
    if state == "returned":
        path.insert(2, "returned")
    elif state == "told" and not decision:
        path = ["draft", "sent", "returned", "told"]
    at = path.index(state)
    marks = ["done" if place < at else "now" if place == at else "" for place in range(len(path))]
    if state == "told":
        marks[-1] = "done"
    return [(BAR_TITLES[key], mark) for key, mark in zip(path, marks, strict=True)]
