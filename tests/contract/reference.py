"""docs/plugins/reference.md, made from the hooks' specifications and the docstrings of ``core.api``.

.venv/bin/python -m tests.contract.reference
"""

import dataclasses
import inspect
import re
from collections.abc import Iterator
from typing import Any

from core import api, hookspecs
from core.config import ROOT
from core.database.base import Base
from core.hookspecs import HOOKS, HookKind
from core.plugins.api_version import API_VERSION, OLDEST_API

from .test_api import mapped, plain, signature_of

REFERENCE = ROOT / "docs" / "plugins" / "reference.md"

KINDS = {
    HookKind.APP: "Asked once, when the plugin is loaded. When it raises, the plugin is broken and all else runs on.",
    HookKind.DECLARATION: "Asked once, when the plugin is loaded. When it raises, the plugin is broken.",
    HookKind.DISPLAY: "Asked while a page is built, where the plugin is on. When it raises, a small notice stands in "
    "its place.",
    HookKind.DECISION: "Asked before something is done, where the plugin is on. When it raises, nothing is done.",
    HookKind.DUTY: "Asked when a resident uses a right, of every loaded plugin. When it raises, nothing is done.",
    HookKind.EVENT: "Told after the commit, where the plugin is on. When it raises, it is logged, and the deed stays.",
}

GROUPS = {
    "The manifest": "Plugin hookimpl API_VERSION",
    "A programme": "Service ServiceForm SelectChoice CheckboxesField ServiceStandard "
    "Requirement Letter PlannedReferral FollowUp",
    "Its rules": "Criterion Rules Rule RuleValue Override NoRule",
    "Its workflow": "Workflow State Transition village_decision outside_decision through_dinsos",
    "Its musdes": "VillageMeeting Outcome MeetingLetter Hearing Heard Meeting MeetingCandidate MEETING_ELEMENTS "
    "with_meeting proposal_meeting line_of when_and_where address_of masked_nik",
    "People": "Person Household Family find_person families_of people_page same_name check_nik check_kk",
    "Files that are brought in": "ImportKind ImportColumn ImportRun ImportTarget FileRows FileRow Findings Undone "
    "KeptRow read_nik cell_text cell_date residents_by_nik import_file imports_about FileError",
    "Cases": "Case CaseEvent CaseRow DueTask cases_of_person cases_due silent_cases follow_ups_due opened_on "
    "Judgement DecileGate decile_gates take_step Answer offered open_case Intake answers_of confirm_seen HealthCover "
    "find_case CaseError check_ahead checked_ahead CheckedAhead missing_papers undo_check_ahead take_back "
    "SECTORS sectors_of_services restricted_cases_left_out",
    "Referrals": "Referral Organisation addressees find_addressee ReferralAddress open_referral OpenedReferral "
    "ReferralEvent answers_for "
    "NotAddressed ReferralError answer_referral ReferralReply referral_steps forward_referral seen_by_receiver "
    "WITH_RECEIVER REFERRAL_STATES REFERRAL_KINDS",
    "Notices": "Notice tell",
    "The monthly report": "ReportSection Figure MeetingPoint report_of figures_of hidden_below",
    "Aid": "AidReceived Clash clashes_of_cases aid_of_village",
    "Letters of cases": "IssuedLetter RegisterRow register_page find_letters unsigned_letters letters_of_person "
    "issue_letters bind_letters",
    "Letters without a case, and papers": "issue_village_letter sign_village_letter revoke_village_letter may_revoke "
    "letters_about letters_about_all find_village_letter render_paper qr_svg in_indonesian",
    "Colleagues": "colleagues Colleague holders_of working_in Worker",
    "Areas": "Area AreaCode AREA_CODE VILLAGE_CODE here scope OwnRows find_areas smallest_around villages_in "
    "district_of OpeningHours opening_hours_of is_open open_until next_opening",
    "Jobs": "Job enqueue_job",
    "Settings": "SettingsForm SecretField WhatsAppField Settings settings_of settings_of_all service_titles",
    "Parts of pages": "MenuItem Panel PublicLink SearchResult",
    "Pages": "requires signed_in public machine district_only public_url may my_permissions Permission Form "
    "VersionedForm "
    "told_on_page pdf_answer private_page limiter Page PAGE_SIZE paged read_keys",
    "Charts": "ChartSpec Series bar_chart line_chart",
    "Sheets": "excel_file SheetPage SheetColumn SheetCell",
    "Files": "keep_file keep_photo file_answer drop_files StoredFile FileRefused",
    "The database": "db commit current_row Stale Base VillageOwned village_reference KEPT PERSONAL policies "
    "as_owner run_migrations",
    "The audit": "record without_address as_system names_of",
    "Texts": "gettext lazy_gettext ngettext Text",
    "How things are written": "rupiah decimal mask_nik long_date day_and_date month_name",
    "The time": "area_today now today working_days_after",
}
# What a library brings has its documentation there.
OF_LIBRARIES = {
    "PAGE_SIZE": "How many rows a page of a list has.",
    "SelectChoice": "A choice of a `SelectField`, of WTForms: `SelectChoice(value, label)`.",
    "Text": "A text, or one of `lazy_gettext` that is read in each reader's language: `str | LazyString`.",
    "SheetCell": "What a cell of a sheet may hold: `Text | int | float | date | None`; a `datetime` is a moment.",
    "KEPT": "`mapped_column(info=KEPT)`: what this column says stays when a resident is erased; see tables.md.",
    "PERSONAL": "`mapped_column(info=PERSONAL)`: a number or a date that goes with a resident who is erased.",
    "MEETING_ELEMENTS": "Whom somebody sits in a meeting for, by key, with titles: bpd, rt_rw, women and others.",
    "WITH_RECEIVER": "The states in which a referral is with the organisation: sent, accepted and processing.",
    "REFERRAL_STATES": "The states of a referral by key, each with its `title`.",
    "REFERRAL_KINDS": "The kinds of a referral by key, with titles: membership (kepesertaan) and programme.",
    "API_VERSION": "The version of this reference.",
    "SECTORS": "The sectors that services belong to, with their titles, by key: health, education, socio_economic …",
    "AREA_CODE": '`@click.argument("area", type=AREA_CODE)`: the code of any area, as an `AreaCode`.',
    "VILLAGE_CODE": '`@click.argument("village", type=VILLAGE_CODE)`: a village\'s code, as an `AreaCode`.',
    "db": "Flask-SQLAlchemy's object; `db.session` is the session of the request, in the scope of its village.",
    "gettext": "Flask-Babel's: a text in the reader's language, now. `gettext(text, **values)`.",
    "limiter": 'Flask-Limiter\'s: `@limiter.limit("10 per hour", methods=["POST"])` under `@public`, by the asker\'s '
    "address; off in tests.",
    "hookimpl": "Marks a module-level function as the plugin's answer to the hook of that name.",
    "ngettext": "Flask-Babel's: one text for one and another for many. `ngettext(one, many, number, **values)`.",
}
LONGEST = 110
SECTION = re.compile(r"(Args|Attributes|Raises|Returns|Yields):")
TITLES = {"Args": "Arguments"}


def reference() -> str:
    """The whole page."""
    return "\n".join([*_head(), *_hooks(), *_names()]).rstrip() + "\n"


def _head() -> Iterator[str]:
    yield "# Reference"
    yield ""
    yield "<!-- Made by `make reference` from core/hookspecs.py and core/api.py: change it there. -->"
    yield ""
    yield f"`core.api` is at version {API_VERSION}. Plugins run that say `api` {OLDEST_API} to {API_VERSION}; what may"
    yield "change, and how it is announced, stands in [README.md](README.md#what-may-change)."
    yield ""
    yield "- [Hooks](#hooks): what core asks a plugin"
    yield "- [Names of core.api](#names-of-coreapi): what a plugin asks of core"
    yield ""


# ---- hooks ----


def _hooks() -> Iterator[str]:
    yield "## Hooks"
    yield ""
    yield "A hook is a function of the plugin's module, marked `@hookimpl`. It may leave out arguments."
    for kind, asked in KINDS.items():
        yield from ("", f"### {kind.value.capitalize()}", "", asked)
        for hook in (hook for hook, its in HOOKS.items() if its is kind):
            yield from ("", f"#### `{signature_of(hook)}`", "")
            yield from markdown_of(getattr(hookspecs, hook).__doc__)
            yield from ("", f"Used by: {', '.join(f'`{plugin}`' for plugin in users_of(hook))}.")
    yield ""


def users_of(hook: str) -> list[str]:
    """The shipped plugins that have an answer to a hook."""
    answer = re.compile(rf"^@hookimpl(?:\(\w+=True\))?\ndef {hook}\(", re.MULTILINE)
    folders = sorted(path.parent for path in (ROOT / "plugins").glob("*/__init__.py"))
    return [folder.name for folder in folders if answer.search((folder / "__init__.py").read_text(encoding="utf-8"))]


# ---- names ----


def _names() -> Iterator[str]:
    yield "## Names of core.api"
    for group, names in GROUPS.items():
        yield from ("", f"### {group}")
        for name in names.split():
            yield from ("", *_entry(name, getattr(api, name)))
    yield ""


def _entry(name: str, found: Any) -> Iterator[str]:
    ours = getattr(found, "__module__", "").startswith("core.") and name not in OF_LIBRARIES
    yield f"#### `{name}`"
    yield ""
    if ours and callable(found) and (call := _call(found, apart=LONGEST - len(name))):
        yield from ("```python", f"{name}{call}", "```", "")
    yield from markdown_of(found.__doc__) if ours else (OF_LIBRARIES[name],)
    if ours and isinstance(found, type) and (members := list(_members(found))):
        yield from ("", "Besides:", "", *members)


def _call(found: Any, *, apart: int = 10_000) -> str:
    """The signature; one that is longer than ``apart`` has a line for each argument."""
    if isinstance(found, type) and not dataclasses.is_dataclass(found):
        return ""
    signature = inspect.signature(found)
    arguments: list[str] = []
    for item in signature.parameters.values():
        if item.kind is item.KEYWORD_ONLY and "*" not in arguments:
            arguments.append("*")
        arguments.append(_argument(item))
    typed = not isinstance(found, type) and signature.return_annotation is not signature.empty
    answer = f" -> {plain(signature.return_annotation)}" if typed else ""
    line = f"({', '.join(arguments)}){answer}"
    return line if len(line) <= apart else "".join(("(\n    ", ",\n    ".join(arguments), f",\n){answer}"))


def _argument(item: inspect.Parameter) -> str:
    stars = {item.VAR_POSITIONAL: "*", item.VAR_KEYWORD: "**"}.get(item.kind, "")
    kind = "" if item.annotation is item.empty else f": {plain(item.annotation)}"
    if item.default is item.empty:
        return f"{stars}{item.name}{kind}"
    return f"{item.name}{kind} = {_default(item.default)}"


def _default(value: object) -> str:
    """A text that is translated reads differently in each language; a factory makes a new object."""
    return repr(value) if isinstance(value, str | int | tuple | None) else "…"


def _members(found: type) -> Iterator[str]:
    """Columns of a model; properties and methods of a class, each with its first sentence."""
    if issubclass(found, Base) and found is not Base:
        yield from (f"- `{name}: {kind}`" for name, kind in sorted(mapped(found)))
    for name, member in sorted(vars(found).items()):
        function = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if name.startswith("_") or not inspect.isfunction(function):
            continue
        call = "" if isinstance(member, property) else _call(getattr(found, name)).replace("(self, ", "(")
        yield f"- `{name}{call.replace('(self)', '()')}`: {next(iter(markdown_of(function.__doc__)), '')}"


def markdown_of(docstring: str | None) -> list[str]:
    """A docstring as Markdown: its sections become lists."""
    lines: list[str] = []
    in_section = False
    for line in inspect.cleandoc(docstring or "").splitlines():
        text = re.sub(r":\w+:`([^`]+)`", r"`\1`", line).replace("``", "`")
        if found := SECTION.fullmatch(line):
            in_section = True
            lines += [f"{TITLES.get(found[1], found[1])}:", ""]
        elif in_section and re.match(r" {4}\S", line):
            name, _colon, rest = text.strip().partition(": ")
            lines.append(f"- `{name}`: {rest}" if rest else f"- {name}")
        elif in_section and line.startswith("     "):
            lines.append(f"  {text.strip()}")
        else:
            in_section = in_section and not line
            lines.append(text)
    return lines


if __name__ == "__main__":
    REFERENCE.write_text(reference(), encoding="utf-8")
