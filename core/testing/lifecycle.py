"""What becomes of the data when a plugin is switched off, and of core when it is gone."""

from sqlalchemy import select

from core.cases.models import Case
from core.database.session import db
from core.plugins.health import PluginHealth
from core.plugins.registry import load_plugins
from core.testing import residents
from core.testing.made_up import changed, make_family, rows_of
from core.testing.pages import core_pages
from core.testing.sites import site, taken_down
from core.testing.subject import Subject
from core.testing.villages import VILLAGE, at, strict, switch

# What follows a switch in core's own tables: the audit's entries about it.
FOLLOWS = {"audit_entries"}


def lost_when_switched_off(subject: Subject) -> list[str]:
    """Tables whose rows are others after the plugin was switched off, and on again."""
    make_family(subject, VILLAGE, "tetap-ada")
    before = rows_of(subject, VILLAGE)
    faults: list[str] = []
    for on in (False, True):
        switch(subject.app, subject.plugin, on=on)
        verb = "on again" if on else "off"
        tables = [name for name in changed(before, rows_of(subject, VILLAGE)) if name not in FOLLOWS]
        faults += [f"{name}: other rows after it was switched {verb}" for name in tables]
    return faults


def broken_when_gone(subject: Subject) -> list[str]:
    """Core's pages about the plugin's own cases that fail once its wheel is not there any more."""
    family = make_family(subject, VILLAGE, "tetap-ada")
    with at(subject.app, VILLAGE) as area:
        hidden = select(Case.id).where(Case.village_id == area.id, Case.readers.is_not(None))
        closed = {f"/{VILLAGE}/cases/{case_id}" for case_id in db.session.scalars(hidden)}
    health = PluginHealth(recover=db.session.rollback)
    alone = load_plugins(strict=True, disabled=frozenset(), entry_points=(), health=health)
    app = site(strict(subject.config), subject.database_urls, alone)
    try:
        faults: list[str] = []
        for role in ("village_staff", "village_head"):
            client = residents.sign_in(app, role)
            for url in core_pages(VILLAGE, family.ids["persons"][0], family.ids.get("cases", [])):
                with client.get(url) as answer:
                    # Nobody holds a permission that is not there any more: what it restricted stays closed.
                    if answer.status_code != (404 if url in closed else 200):
                        faults.append(f"GET {url}: {answer.status_code} once {subject.plugin} is not installed")
        return faults
    finally:
        taken_down(app)
