"""Everything that a plugin may import, and nothing else of ours. What stands here keeps its name and meaning.

A new name is an addition; a changed or removed one raises ``API_VERSION``. ``tests/contract`` holds a snapshot.
"""

from flask_babel import gettext, ngettext

from core.areas.code import AreaCode
from core.areas.current import CurrentArea as Area
from core.audit import record
from core.cases.eligibility import Criterion, NoRule, Rule, Rules
from core.cases.errors import CaseError
from core.cases.judging import Judgement, judge_cases
from core.cases.letter_pdf import render_paper
from core.cases.letter_register import RegisterRow, letters_of_person, register_page, unsigned_letters
from core.cases.letter_values import in_indonesian
from core.cases.letters import may_revoke
from core.cases.lists import read_keys
from core.cases.models import Case
from core.cases.models import LetterRecord as IssuedLetter
from core.cases.outside_decision import outside_decision
from core.cases.own_cases import cases_of_person, follow_ups_due, silent_cases
from core.cases.progress import Answer, take_step
from core.cases.service import FollowUp, Letter, Requirement, Service, ServiceStandard
from core.cases.village_letters import (
    find_village_letter,
    issue_village_letter,
    letters_about,
    letters_about_all,
    revoke_village_letter,
    sign_village_letter,
)
from core.cases.workflow import State, Text, Transition, Workflow, village_decision
from core.clock import now, today
from core.database.base import KEPT, PERSONAL, Base, VillageOwned, village_reference
from core.database.migrate import run as run_migrations
from core.database.rls import policies
from core.database.session import commit, db, scope
from core.hookspecs import hookimpl
from core.people.family import Family
from core.people.identity import mask_nik
from core.people.models import Household, Person
from core.people.search import families_of, find_person
from core.plugins.manifest import API_VERSION, Plugin
from core.referrals.plan import PlannedReferral
from core.settings.form import SecretField, Settings, SettingsForm
from core.settings.reading import settings_of
from core.texts import lazy_gettext
from core.users.permissions import Permission, public, requires, signed_in
from core.web.formats import area_today, day_and_date, long_date, month_name, rupiah
from core.web.forms import Form, SelectChoice, ServiceForm
from core.web.page_globals import here, my_permissions
from core.web.paging import PAGE_SIZE, Page, paged
from core.web.panels import MenuItem, Panel, may

__all__ = [
    "API_VERSION",
    "KEPT",
    "PAGE_SIZE",
    "PERSONAL",
    "Answer",
    "Area",
    "AreaCode",
    "Base",
    "Case",
    "CaseError",
    "Criterion",
    "Family",
    "FollowUp",
    "Form",
    "Household",
    "IssuedLetter",
    "Judgement",
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
    "SecretField",
    "SelectChoice",
    "Service",
    "ServiceForm",
    "ServiceStandard",
    "Settings",
    "SettingsForm",
    "State",
    "Text",
    "Transition",
    "VillageOwned",
    "Workflow",
    "area_today",
    "cases_of_person",
    "commit",
    "day_and_date",
    "db",
    "families_of",
    "find_person",
    "find_village_letter",
    "follow_ups_due",
    "gettext",
    "here",
    "hookimpl",
    "in_indonesian",
    "issue_village_letter",
    "judge_cases",
    "lazy_gettext",
    "letters_about",
    "letters_about_all",
    "letters_of_person",
    "long_date",
    "mask_nik",
    "may",
    "may_revoke",
    "month_name",
    "my_permissions",
    "ngettext",
    "now",
    "outside_decision",
    "paged",
    "policies",
    "public",
    "read_keys",
    "record",
    "register_page",
    "render_paper",
    "requires",
    "revoke_village_letter",
    "run_migrations",
    "rupiah",
    "scope",
    "settings_of",
    "sign_village_letter",
    "signed_in",
    "silent_cases",
    "take_step",
    "today",
    "unsigned_letters",
    "village_decision",
    "village_reference",
]
