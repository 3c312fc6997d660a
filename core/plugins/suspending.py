"""Stopping a plugin by hand and letting it go on: at once, in every process, with its settings left as they are.

A suspension stands at an area and holds there and below: the district's own admin sets one for the district, whoever
operates the installation one for everything (area 0, on the command line). The plugin counts as off: its pages answer
404, its parts of pages are gone, no case of its services can be opened; open cases can still be finished.
"""

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from core.actor import current_actor
from core.areas.code import AreaCode
from core.areas.modules import hold_settings, recompute
from core.audit import record
from core.clock import now
from core.database.session import db
from core.plugins.failures import forget_suspension
from core.plugins.models import PluginSuspension


def area_text(area: AreaCode) -> str:
    """How the audit names an area; "–" for the whole installation."""
    return str(area) or "–"


def suspend(area: AreaCode, plugin: str, reason: str) -> int:
    """Stop a plugin in an area and all below; answers with how many areas it stops in. The caller commits.

    A plugin that is suspended there already gets the new reason.
    """
    hold_settings()
    values = {"at": now(), "user_name": current_actor.get().name, "reason": reason}
    statement = insert(PluginSuspension).values(area_id=area.id, plugin=plugin, **values)
    db.session.execute(statement.on_conflict_do_update(index_elements=["area_id", "plugin"], set_=values))
    record("modules.suspended", "module", plugin, area=area_text(area), reason=reason)
    return recompute(area)


def resume(area: AreaCode, plugin: str, *, processes: bool) -> bool:
    """End the suspension that stands at an area; False where there was none. The caller commits.

    Args:
        processes: have also the processes ask it again that left it out because it kept failing.
    """
    hold_settings()
    statement = delete(PluginSuspension).where(PluginSuspension.area_id == area.id, PluginSuspension.plugin == plugin)
    ended = db.session.execute(statement.returning(PluginSuspension.plugin)).first() is not None
    again = forget_suspension(plugin) if processes else 0
    if ended or again:
        record("modules.resumed", "module", plugin, area=area_text(area))
        recompute(area)
    return ended or again > 0
