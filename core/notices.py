"""What a plugin has to tell a resident, and the event by which the messengers that are on in the village hear of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.areas.current import CurrentArea
from core.database.session import after_commit
from core.platform import platform


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One message to one resident, in words for whoever reads it on a shared phone: no NIK, no illness.

    Attributes:
        kind: "<plugin>.<what>"; a messenger may have a template for each.
        village_id: where it comes from.
        person_id: of a registered resident; None for somebody who only left a number.
        phone: the number that they left for this; blank: the one that the village has for the resident.
        text: the whole of it, an Indonesian sentence or two.
        values: what fills the template of ``kind``, in its order.
        reference: what the resident can ask by: a ticket, a code.
    """

    kind: str
    village_id: int
    text: str
    person_id: UUID | None = None
    phone: str = ""
    values: Sequence[str] = ()
    reference: str = ""


def tell(area: CurrentArea, notice: Notice) -> None:
    """Have the village's messengers told once the running transaction is committed; without one nothing happens."""
    hooks = platform().hooks_for(area.enabled)

    def pass_on() -> None:
        hooks.emit("notify", notice=notice)

    after_commit(pass_on)
