"""Everything that a plugin may import, and nothing else of ours. What stands here keeps its name and meaning.

A new name is an addition; a changed or removed one raises ``API_VERSION``. ``tests/contract`` holds a snapshot.
"""

from flask_babel import gettext, ngettext

from core.areas.code import AreaCode
from core.areas.current import CurrentArea as Area
from core.audit import record
from core.cases.eligibility import Criterion, NoRule, Rule, Rules
from core.cases.letter_register import RegisterRow, letters_of_person, register_page, unsigned_letters
from core.cases.lists import read_keys
from core.cases.models import Case
from core.cases.models import LetterRecord as IssuedLetter
from core.cases.outside_decision import outside_decision
from core.cases.own_cases import cases_of_person, follow_ups_due, silent_cases
from core.cases.service import FollowUp, Letter, Requirement, Service, ServiceStandard
from core.cases.workflow import State, Text, Transition, Workflow, village_decision
from core.database.base import Base, VillageOwned, village_reference
from core.database.migrate import run as run_migrations
from core.database.rls import policies
from core.database.session import commit, db, scope
from core.hookspecs import hookimpl
from core.people.family import Family
from core.people.identity import mask_nik
from core.people.models import Household, Person
from core.people.search import find_person
from core.plugin_manifest import API_VERSION, Plugin
from core.referrals.plan import PlannedReferral
from core.texts import lazy_gettext
from core.users.permissions import Permission, public, requires, signed_in
from core.web.formats import area_today, rupiah
from core.web.forms import Form, SelectChoice, ServiceForm
from core.web.page_globals import here
from core.web.paging import PAGE_SIZE, Page, paged
from core.web.panels import MenuItem, Panel, may

__all__ = [
    "API_VERSION",
    "PAGE_SIZE",
    "Area",
    "AreaCode",
    "Base",
    "Case",
    "Criterion",
    "Family",
    "FollowUp",
    "Form",
    "Household",
    "IssuedLetter",
    "Letter",
    "MenuItem",
    "NoRule",
    "Page",
    "Panel",
    "Permission",
    "Person",
    "PlannedReferral",
    "Plugin",
    "RegisterRow",
    "Requirement",
    "Rule",
    "Rules",
    "SelectChoice",
    "Service",
    "ServiceForm",
    "ServiceStandard",
    "State",
    "Text",
    "Transition",
    "VillageOwned",
    "Workflow",
    "area_today",
    "cases_of_person",
    "commit",
    "db",
    "find_person",
    "follow_ups_due",
    "gettext",
    "here",
    "hookimpl",
    "lazy_gettext",
    "letters_of_person",
    "mask_nik",
    "may",
    "ngettext",
    "outside_decision",
    "paged",
    "policies",
    "public",
    "read_keys",
    "record",
    "register_page",
    "requires",
    "run_migrations",
    "rupiah",
    "scope",
    "signed_in",
    "silent_cases",
    "unsigned_letters",
    "village_decision",
    "village_reference",
]
