"""Some deviations in the demonstration's matrix, each decided by the district's admin, with its reason."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from core.actor import Actor, acting
from core.areas.code import AreaCode
from core.areas.models import ModuleChange
from core.areas.modules import hold_settings
from core.database.session import commit, db, scope
from core.modules.changes import apply_plan
from core.modules.plans import plan_wish
from core.modules.wishes import Cell, Lock, State, Wish

from .demo_clock import moved_to
from .demo_sign_ins import DISTRICT


class Decision(NamedTuple):
    days_ago: int
    areas: tuple[str, ...]
    state: State
    reason: str
    lock: Lock = Lock.KEEP


MODULE = "sktm"
DECISIONS = (
    Decision(40, ("32.01.16",), State.OFF, "Meja layanan Kec. Cibungbulang belum siap"),
    Decision(33, ("32.01.14",), State.ON, "Kesepakatan para camat, 3 November", Lock.LOCK),
    Decision(20, ("32.01.16.2003", "32.01.16.2004"), State.ON, "Dua desa sudah dilatih"),
    Decision(6, ("32.01.15.2012",), State.OFF, "Permintaan Desa Benteng sampai petugas baru datang"),
)


def make_deviations(admin: Actor, moment: datetime) -> bool:
    """False where somebody has changed something already."""
    with scope(AreaCode.parse(DISTRICT)), acting(admin):
        if db.session.scalar(select(ModuleChange.id).limit(1)):
            return False
        for decision in DECISIONS:
            cells = tuple(Cell(AreaCode.parse(code), MODULE) for code in decision.areas)
            with moved_to(moment - timedelta(days=decision.days_ago)):
                hold_settings()
                apply_plan(plan_wish(Wish(cells, decision.state, decision.lock)), decision.reason)
                commit()
    return True
