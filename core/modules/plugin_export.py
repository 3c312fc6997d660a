"""A copy of one plugin's rows in an area, made by a job: a whole district's take longer than a request may."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.areas.current import CurrentArea
from core.audit import record
from core.clock import now
from core.database.session import OwnRows, commit, db, scope
from core.exports import Export, OnProgress, export_kind, request_export
from core.plugins.plugin_data import write_plugin_export
from core.texts import lazy_gettext as _

KIND = "modules.rows"


def request_plugin_export(area: CurrentArea, plugin: str) -> Export:
    """Have the rows copied for who asks. The caller is in the area's ``OwnRows``, and commits."""
    return request_export(area, KIND, f"modul-{plugin}-{area}-{now():%Y%m%d-%H%M}.zip", {"plugin": plugin})


@export_kind(KIND, _("Data satu modul"), "application/zip")
def write(area: CurrentArea, path: Path, options: Mapping[str, Any], tell: OnProgress) -> None:
    plugin = options["plugin"]
    rows = write_plugin_export(db.session.connection(), area.interval, plugin, path, tell)
    db.session.rollback()
    with scope(OwnRows(area.id)):
        record("modules.exported", "module", plugin, area=str(area), rows=rows)
        commit()
