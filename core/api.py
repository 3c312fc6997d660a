"""Everything that a plugin may import, and nothing else of ours. What stands here keeps its name and meaning.

A new name raises the minor version. One that is to go warns for two minor versions before: ``core/deprecation.py``.
``tests/contract`` holds a snapshot, and ``docs/plugins/reference.md`` is made from the docstrings.
"""

from typing import TYPE_CHECKING

from flask_babel import gettext, ngettext

from core.actor import as_system, without_address
from core.aid.exclusions import Clash, clashes_of_cases
from core.aid.received import AidReceived
from core.aid.village import aid_of_village
from core.areas.code import AreaCode, district_of, smallest_around
from core.areas.code_parameter import AREA_CODE, VILLAGE_CODE
from core.areas.current import CurrentArea as Area
from core.areas.current import find_areas, villages_in
from core.audit import record
from core.cases.ahead import CheckedAhead, check_ahead, checked_ahead, missing_papers, undo_check_ahead
from core.cases.answers import answers_of
from core.cases.catalogue import offered, sectors_of_services, service_titles
from core.cases.checklist import confirm_seen, take_back
from core.cases.deadlines import working_days_after
from core.cases.decile_gates import DecileGate, decile_gates
from core.cases.eligibility import Criterion
from core.cases.errors import CaseError
from core.cases.health_cover import HealthCover
from core.cases.intake import Intake, open_case
from core.cases.judging import Judgement, opened_on
from core.cases.letter_binding import bind_letters, issue_letters
from core.cases.letter_pdf import qr_svg, render_paper
from core.cases.letter_register import RegisterRow, find_letters, letters_of_person, register_page, unsigned_letters
from core.cases.letter_values import in_indonesian
from core.cases.letters import may_revoke
from core.cases.lists import CaseRow, read_keys
from core.cases.locking import find_case
from core.cases.models import Case, CaseEvent
from core.cases.models import LetterRecord as IssuedLetter
from core.cases.outside_decision import outside_decision, through_dinsos
from core.cases.own_cases import cases_due, cases_of_person, follow_ups_due, silent_cases
from core.cases.progress import Answer, take_step
from core.cases.sectors import SECTORS
from core.cases.service import FollowUp, Letter, Requirement, Service, ServiceStandard
from core.cases.tasks import DueTask
from core.cases.village_letters import (
    find_village_letter,
    issue_village_letter,
    letters_about,
    letters_about_all,
    revoke_village_letter,
    sign_village_letter,
)
from core.cases.workflow import State, Transition, Workflow, village_decision
from core.clock import now, today
from core.database.base import KEPT, PERSONAL, Base, VillageOwned, village_reference
from core.database.migrate import run as run_migrations
from core.database.rls import as_owner, policies
from core.database.session import OwnRows, commit, db, restricted_cases_left_out, scope
from core.database.versions import Stale, current_row
from core.deprecation import renamed
from core.files import FileRefused, StoredFile
from core.hookspecs import hookimpl
from core.imports.kind import ImportColumn, ImportKind, ImportRun, ImportTarget, KeptRow, Undone
from core.imports.lists import imports_about
from core.imports.rows import FileRows, Findings, read_nik
from core.imports.sheet_files import FileError
from core.imports.sheets import RawRow as FileRow
from core.imports.sheets import cell_date, cell_text
from core.imports.terminal import import_file
from core.meetings.declaration import ELEMENTS as MEETING_ELEMENTS
from core.meetings.declaration import MeetingLetter, Outcome, VillageMeeting
from core.meetings.hearing import Heard, Hearing
from core.meetings.models import Meeting, MeetingCandidate
from core.meetings.papers import address_of, line_of, masked_nik, when_and_where
from core.meetings.proposals import proposal_meeting, with_meeting
from core.notices import Notice, tell
from core.people.duplicates import same_name
from core.people.family import Family
from core.people.identity import check_kk, check_nik, mask_nik
from core.people.models import Household, Person
from core.people.search import families_of, find_person, people_page, residents_by_nik
from core.plugin_files import drop_files, file_answer, keep_file, keep_photo
from core.plugin_jobs import enqueue_job
from core.plugins.api_version import API_VERSION
from core.plugins.jobs import Job
from core.plugins.manifest import Plugin
from core.referrals.addressing import Address as ReferralAddress
from core.referrals.addressing import NotAddressed
from core.referrals.addressing import Opened as OpenedReferral
from core.referrals.addressing import in_village as open_referral
from core.referrals.answering import Reply as ReferralReply
from core.referrals.answering import answer as answer_referral
from core.referrals.errors import ReferralError
from core.referrals.forwarding import forward as forward_referral
from core.referrals.models import Organisation, Referral, ReferralEvent
from core.referrals.officers import answers_for
from core.referrals.organisations import addressees, find_addressee
from core.referrals.plan import PlannedReferral
from core.referrals.receiving import seen_by_receiver
from core.referrals.states import STATES as REFERRAL_STATES
from core.referrals.states import WITH_RECEIVER
from core.referrals.states import steps_from as referral_steps
from core.referrals.terms import KINDS as REFERRAL_KINDS
from core.reports.figures import Figure, hidden_below
from core.reports.sections import MeetingPoint, ReportSection, figures_of, report_of
from core.rules.rule import Override, Rule
from core.rules.rulebook import NoRule, Rules, RuleValue
from core.settings.form import SecretField, Settings, SettingsForm, WhatsAppField
from core.settings.reading import settings_of, settings_of_all
from core.sheets import SheetCell, SheetColumn, SheetPage, excel_file
from core.texts import Text, lazy_gettext
from core.users.colleagues import Colleague, Worker, colleagues, holders_of, names_of, working_in
from core.users.permissions import Permission, district_only, machine, public, requires, signed_in
from core.villages.opening_hours import OpeningHours, is_open, next_opening, open_until
from core.villages.profile import opening_hours_of
from core.web.answers import pdf_answer, private_page, told_on_page
from core.web.charts import ChartSpec, Series, bar_chart, line_chart
from core.web.formats import area_today, day_and_date, decimal, long_date, month_name, rupiah
from core.web.forms import CheckboxesField, Form, SelectChoice, ServiceForm, VersionedForm
from core.web.limits import limiter
from core.web.page_globals import here, my_permissions
from core.web.paging import PAGE_SIZE, Page, paged
from core.web.panels import MenuItem, Panel, PublicLink, SearchResult, may
from core.web.urls import public_url

__all__ = [
    "API_VERSION",
    "AREA_CODE",
    "KEPT",
    "MEETING_ELEMENTS",
    "PAGE_SIZE",
    "PERSONAL",
    "REFERRAL_KINDS",
    "REFERRAL_STATES",
    "SECTORS",
    "VILLAGE_CODE",
    "WITH_RECEIVER",
    "AidReceived",
    "Answer",
    "Area",
    "AreaCode",
    "Base",
    "Case",
    "CaseError",
    "CaseEvent",
    "CaseRow",
    "ChartSpec",
    "CheckboxesField",
    "CheckedAhead",
    "Clash",
    "Colleague",
    "Criterion",
    "DecileGate",
    "DueTask",
    "Family",
    "Figure",
    "FileError",
    "FileRefused",
    "FileRow",
    "FileRows",
    "Findings",
    "FollowUp",
    "Form",
    "HealthCover",
    "Heard",
    "Hearing",
    "Household",
    "ImportColumn",
    "ImportKind",
    "ImportRun",
    "ImportTarget",
    "Intake",
    "IssuedLetter",
    "Job",
    "Judgement",
    "KeptRow",
    "Letter",
    "Meeting",
    "MeetingCandidate",
    "MeetingLetter",
    "MeetingPoint",
    "MenuItem",
    "NoRule",
    "NotAddressed",
    "Notice",
    "OpenedReferral",
    "OpeningHours",
    "Organisation",
    "Outcome",
    "Override",
    "OwnRows",
    "Page",
    "Panel",
    "Permission",
    "Person",
    "PlannedReferral",
    "Plugin",
    "PublicLink",
    "Referral",
    "ReferralAddress",
    "ReferralError",
    "ReferralEvent",
    "ReferralReply",
    "RegisterRow",
    "ReportSection",
    "Requirement",
    "Rule",
    "RuleValue",
    "Rules",
    "SearchResult",
    "SecretField",
    "SelectChoice",
    "Series",
    "Service",
    "ServiceForm",
    "ServiceStandard",
    "Settings",
    "SettingsForm",
    "SheetCell",
    "SheetColumn",
    "SheetPage",
    "Stale",
    "State",
    "StoredFile",
    "Text",
    "Transition",
    "Undone",
    "VersionedForm",
    "VillageMeeting",
    "VillageOwned",
    "WhatsAppField",
    "Worker",
    "Workflow",
    "address_of",
    "addressees",
    "aid_of_village",
    "answer_referral",
    "answers_for",
    "answers_of",
    "area_today",
    "as_owner",
    "as_system",
    "bar_chart",
    "bind_letters",
    "cases_due",
    "cases_of_person",
    "cell_date",
    "cell_text",
    "check_ahead",
    "check_kk",
    "check_nik",
    "checked_ahead",
    "clashes_of_cases",
    "colleagues",
    "commit",
    "confirm_seen",
    "current_row",
    "day_and_date",
    "db",
    "decile_gates",
    "decimal",
    "district_of",
    "district_only",
    "drop_files",
    "enqueue_job",
    "excel_file",
    "families_of",
    "figures_of",
    "file_answer",
    "find_addressee",
    "find_areas",
    "find_case",
    "find_letters",
    "find_person",
    "find_village_letter",
    "follow_ups_due",
    "forward_referral",
    "gettext",
    "here",
    "hidden_below",
    "holders_of",
    "hookimpl",
    "import_file",
    "imports_about",
    "in_indonesian",
    "is_open",
    "issue_letters",
    "issue_village_letter",
    "keep_file",
    "keep_photo",
    "lazy_gettext",
    "letters_about",
    "letters_about_all",
    "letters_of_person",
    "limiter",
    "line_chart",
    "line_of",
    "long_date",
    "machine",
    "mask_nik",
    "masked_nik",
    "may",
    "may_revoke",
    "missing_papers",
    "month_name",
    "my_permissions",
    "names_of",
    "next_opening",
    "ngettext",
    "now",
    "offered",
    "open_case",
    "open_referral",
    "open_until",
    "opened_on",
    "opening_hours_of",
    "outside_decision",
    "paged",
    "pdf_answer",
    "people_page",
    "policies",
    "private_page",
    "proposal_meeting",
    "public",
    "public_url",
    "qr_svg",
    "read_keys",
    "read_nik",
    "record",
    "referral_steps",
    "register_page",
    "render_paper",
    "report_of",
    "requires",
    "residents_by_nik",
    "restricted_cases_left_out",
    "revoke_village_letter",
    "run_migrations",
    "rupiah",
    "same_name",
    "scope",
    "sectors_of_services",
    "seen_by_receiver",
    "service_titles",
    "settings_of",
    "settings_of_all",
    "sign_village_letter",
    "signed_in",
    "silent_cases",
    "smallest_around",
    "take_back",
    "take_step",
    "tell",
    "through_dinsos",
    "today",
    "told_on_page",
    "undo_check_ahead",
    "unsigned_letters",
    "village_decision",
    "village_reference",
    "villages_in",
    "when_and_where",
    "with_meeting",
    "without_address",
    "working_days_after",
    "working_in",
]

if not TYPE_CHECKING:  # for a type checker a name is there, or it is not

    def __getattr__(name: str) -> object:
        """A name that got another is found until it goes, with a warning."""
        return renamed(name, globals())
