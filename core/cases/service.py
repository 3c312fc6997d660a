"""A service: something that a resident can ask for, declared by a plugin.

The intake page, checklist, buttons, letters and the public service page are all made from the declaration. A wrong one
raises ``ValueError`` when the plugin is imported.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from inspect import signature
from typing import Any, ClassVar, Literal, Self, get_args

from flask_babel.speaklater import LazyString
from wtforms import Form

from core.areas.current import CurrentArea
from core.cases.eligibility import Criterion
from core.cases.models import Case
from core.cases.sectors import SECTORS
from core.cases.workflow import Workflow, check_key, check_text, check_unique
from core.clock import today
from core.meetings.declaration import VillageMeeting
from core.people.family import Family
from core.people.models import Person
from core.referrals.plan import PlannedReferral
from core.rules.rulebook import Rules, RuleValue, declared_values, value_on
from core.texts import Text
from core.texts import lazy_gettext as _

Subject = Literal["person", "household"]

# The fields of core's own forms, which are sent together with the service's: one name would mean two things.
OWN_FIELDS = frozenset(
    [
        "channel",
        "reporter_name",
        "reporter_relation",
        "reporter_phone",
        "priority",
        "note",
        "privacy_notice_given",
        "again",
        "version",
    ]
)

_SERVICE_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}\.[a-z][a-z0-9_]{0,31}")


@dataclass(frozen=True, eq=False)
class Requirement:
    """A document that a service asks for.

    Attributes:
        mandatory: without it the case cannot be put forward, unless it is waived with a reason.
        hint: where to get it, or what it must show.
        reusable_days: for how many days after it was given the next case may use it again; None: never.
        owner: whose paper it is. One of the household serves the cases of all its members.
    """

    key: str
    title: Text
    mandatory: bool = True
    hint: Text | None = None
    reusable_days: int | None = None
    owner: Subject = "person"

    KK: ClassVar["Requirement"]
    ID_CARD: ClassVar["Requirement"]
    PARENT_ID: ClassVar["Requirement"]
    RT_RW_LETTER: ClassVar["Requirement"]

    def __post_init__(self) -> None:
        check_key("Requirement", self.key)
        check_text(f"Requirement {self.key!r}", "title", self.title)
        if self.reusable_days is not None and self.reusable_days < 1:
            raise ValueError(f"Requirement {self.key!r}: reusable_days must be at least 1, or None")
        if self.owner not in get_args(Subject):
            raise ValueError(f"Requirement {self.key!r}: owner must be one of {get_args(Subject)}, not {self.owner!r}")


Requirement.KK = Requirement("kk", _("Kartu Keluarga (KK)"), reusable_days=365, owner="household")
Requirement.ID_CARD = Requirement("ktp", _("KTP"), reusable_days=365)
Requirement.PARENT_ID = Requirement("parent_ktp", _("KTP orang tua atau wali"), reusable_days=365)
Requirement.RT_RW_LETTER = Requirement("rt_rw_letter", _("Surat pengantar RT/RW"))


@dataclass(frozen=True, eq=False)
class Letter:
    """A letter that a case of the service can end in.

    Attributes:
        template: path of the typst template, under the plugin's own folder: "pip/letter.typ".
        valid_days: days from issue until it expires, ``rules.value(…)``, or a function of the day of issue and the
            ``Area`` (settings); None: never.
        classification: the archive's code in the letter's number, such as "460", or ``rules.value(…)``.
        signer: the role that signs; when one person in the village holds it, the name stands under the line.
        when: keys of the states in which it may be issued. Left out, these are the states from which a transition that
            needs a letter leads: what is not approved yet cannot be printed. Where none needs one, the workflow's
            ``letters_along``.
    """

    key: str
    title: Text
    template: str
    valid_days: int | RuleValue | Callable[[date, CurrentArea], int] | None = None
    classification: str | RuleValue | None = None
    signer: str = "village_head"
    when: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_key("Letter", self.key)
        owner = f"Letter {self.key!r}"
        check_text(owner, "title", self.title)
        parts = self.template.split("/")
        if not self.template.endswith(".typ") or ".." in parts or "" in parts:
            raise ValueError(f'{owner}: template must be a path such as "pip/letter.typ", not {self.template!r}')
        if not callable(self.valid_days) and any(days < 1 for days in declared_values(self.valid_days)):
            raise ValueError(f"{owner}: valid_days must be at least 1, or None")
        if callable(self.valid_days) and _parameters(self.valid_days) != 2:
            raise ValueError(f"{owner}: valid_days must take the day and the area")
        if not isinstance(self.when, tuple):
            raise ValueError(f'{owner}: when must be a tuple of states, such as ("approved",)')

    def validity(self, on: date, area: CurrentArea) -> int | None:
        """Days until a letter issued in ``area`` on the day ``on`` expires; None when it does not."""
        return self.valid_days(on, area) if callable(self.valid_days) else value_on(self.valid_days, on)


# Of the fourteen components of a service standard, these concern delivery and are published.
PUBLIC_COMPONENTS = 6

# What holds in any PUSKESOS, for a service standard that says nothing else.
_PROCEDURE = _(
    "Warga datang ke Puskesos atau ditemui kader, petugas mencatat dan memeriksa berkas,"
    " keputusan diambil, lalu warga diberi tahu hasilnya."
)
_COMPLAINTS = _("Sampaikan ke petugas Puskesos, kepala desa, atau SP4N-LAPOR! (lapor.go.id).")
_FACILITIES = _("Meja layanan, ruang tunggu, antrean, komputer, dan printer di Puskesos.")
_COMPETENCE = _("Petugas Puskesos yang telah dilatih dan memahami programnya.")
_SUPERVISION = _("Diawasi kepala desa, dan dipantau kecamatan serta Dinas Sosial.")
_GUARANTEE = _("Dilayani sesuai standar ini. Bila ditolak, alasannya disampaikan.")
_SAFETY = _("Data pribadi hanya dilihat petugas yang berwenang, dan setiap aksesnya dicatat.")
_EVALUATION = _("Survei kepuasan masyarakat dan rapat evaluasi bulanan.")


@dataclass(frozen=True, eq=False, kw_only=True)
class ServiceStandard:
    """What the village promises: the service standard of UU 25/2009 art. 21, but for the requirements.

    Requirements, procedure, time, fee, product and complaints are published; the other eight are internal.

    Attributes:
        time_days: working days from complete papers to the product; 0 means on the same day. This and the next two may
            be ``rules.value("…")``, so that a district can set its own.
        fee: rupiah.
        staff_count: people at the desk.
        legal_basis: regulations, such as ``rules.regulations``.
    """

    time_days: int | RuleValue
    product: Text
    fee: int | RuleValue = 0
    procedure: Text = _PROCEDURE
    complaints: Text = _COMPLAINTS
    legal_basis: tuple[Text, ...] = ()
    facilities: Text = _FACILITIES
    competence: Text = _COMPETENCE
    supervision: Text = _SUPERVISION
    staff_count: int | RuleValue = 2
    guarantee: Text = _GUARANTEE
    safety: Text = _SAFETY
    evaluation: Text = _EVALUATION

    def __post_init__(self) -> None:
        for field in ("time_days", "fee", "staff_count"):
            for value in declared_values(getattr(self, field)):
                if not isinstance(value, int) or value < 0:
                    raise ValueError(f"ServiceStandard: {field} must be a whole number from 0 up, not {value!r}")
        if isinstance(self.legal_basis, str | LazyString):
            raise ValueError("ServiceStandard: legal_basis must be a tuple of regulations")
        object.__setattr__(self, "legal_basis", tuple(self.legal_basis))
        described = ("product", "procedure", "complaints", "facilities", "competence", "supervision")
        for field in (*described, "guarantee", "safety", "evaluation"):
            check_text("ServiceStandard", field, getattr(self, field))

    @classmethod
    def by(cls, rules: Rules, *, product: Text, time_days: int | RuleValue | None = None, **said: Any) -> Self:
        """One whose days, fee and legal basis are the rules' own: ``time_days``, ``fee`` if any, regulations.

        Args:
            time_days: where the rules do not say it.
            said: any other component, such as ``procedure``, or another ``legal_basis`` than these rules' own.
        """
        days = rules.value("time_days") if time_days is None else time_days
        usual = {"fee": rules.value("fee") if rules.has("fee") else 0, "legal_basis": rules.regulations}
        return cls(time_days=days, product=product, **{**usual, **said})

    def components(
        self, requirements: Sequence[Requirement], on: date | None = None
    ) -> tuple["StandardComponent", ...]:
        """All fourteen in the order of the law, as on the day ``on`` (today); the first six are the public ones."""
        day = on or today()
        days, rupiah, people = (value_on(value, day) for value in (self.time_days, self.fee, self.staff_count))
        time = _("%(days)s hari kerja sejak berkas lengkap", days=days) if days else _("Hari itu juga")
        fee = _("Rp %(amount)s", amount=f"{rupiah:,}".replace(",", ".")) if rupiah else _("Gratis")
        staff = _("%(count)s orang", count=people)
        papers = (
            item.title if item.mandatory else _("%(title)s (bila ada)", title=item.title) for item in requirements
        )
        rows: tuple[tuple[str, Text, Iterable[Text]], ...] = (
            ("requirements", _("Persyaratan"), papers),
            ("procedure", _("Sistem, mekanisme, dan prosedur"), (self.procedure,)),
            ("time", _("Jangka waktu"), (time,)),
            ("fee", _("Biaya"), (fee,)),
            ("product", _("Produk pelayanan"), (self.product,)),
            ("complaints", _("Pengaduan, saran, dan masukan"), (self.complaints,)),
            ("legal_basis", _("Dasar hukum"), self.legal_basis),
            ("facilities", _("Sarana, prasarana, dan fasilitas"), (self.facilities,)),
            ("competence", _("Kompetensi pelaksana"), (self.competence,)),
            ("supervision", _("Pengawasan internal"), (self.supervision,)),
            ("staff_count", _("Jumlah pelaksana"), (staff,)),
            ("guarantee", _("Jaminan pelayanan"), (self.guarantee,)),
            ("safety", _("Jaminan keamanan dan keselamatan"), (self.safety,)),
            ("evaluation", _("Evaluasi kinerja pelaksana"), (self.evaluation,)),
        )
        return tuple(
            StandardComponent(key, title, tuple(lines), public=place < PUBLIC_COMPONENTS)
            for place, (key, title, lines) in enumerate(rows)
        )


@dataclass(frozen=True, eq=False)
class StandardComponent:
    """One component of a service standard: its title and what it says, line by line."""

    key: str
    title: Text
    lines: tuple[Text, ...]
    public: bool


@dataclass(frozen=True, eq=False)
class FollowUp:
    """Something to be done later about a case, also when it is closed by then.

    Attributes:
        title: what, and why then; at most 200 characters.
        due_on: by when; it is among the village's tasks from that day on.
    """

    title: Text
    due_on: date


@dataclass(frozen=True, eq=False, kw_only=True)
class Service:
    """Something that a resident can ask for.

    Attributes:
        name: "<plugin>.<service>"; stored with every case, so it never changes.
        short_title: what a narrow column of a list says, such as "SKTM"; left out, it says the title.
        form: the WTForms form of what the clerk fills in; its data are kept with the case.
        for_whom: called with (person, family, day), gives the criteria one by one; None when anyone may ask. One with a
            fourth parameter is given the form's answers too: none yet while a family is screened before it asks.
        rules: the dated rules that ``for_whom`` judges by; a case keeps the version in force.
        subject: whether the case is about one person or the whole household; lists then speak of the family.
        urgent_when: called with the form's answers, says whether a case cannot wait, such as that of a patient in care.
            It is then due today, and stands first wherever open cases are listed.
        referral: whom such a case is normally referred to; its page offers it with everything filled in.
        letter_values: called with (case, family), gives what a letter says besides the answers, such as a list of
            members: texts, and lists and mappings of texts, which its template finds as ``data.values.own``.
        follow_up: called with (case, family, day) after each step, gives what is to be done later; ``case.state`` says
            where the case is now, ``day`` is the one that was given with the step, or today.
        phone_needed: the case is not taken in without a number at which somebody can be reached.
        excludes: the programmes, by the names of their plugins, that its recipients may not get besides: a list among
            the dated rules, ``rules.value("excludes")``. Who decides is warned of it, and nothing is blocked.
        restricted_to: the permission without which nobody sees the service's cases, or learns that there is one: not
            in lists, figures, searches, registers, files or the audit. One case can be opened to a colleague by name.
        initials: lists say of the resident no more than the initials, as of a child: others look at the same screen.
        meeting: how a village meeting (musdes) decides on its cases; None where none does.
        sector: what it is about, in the monthly report: a key of ``SECTORS``.
    """

    name: str
    title: Text
    form: type[Form]
    workflow: Workflow
    standard: ServiceStandard
    requirements: Sequence[Requirement] = ()
    letters: Sequence[Letter] = ()
    for_whom: Callable[..., Iterable[Criterion]] | None = None
    rules: Rules | None = None
    summary: Text = ""
    short_title: Text = ""
    subject: Subject = "person"
    urgent_when: Callable[[Mapping[str, Any]], bool] | None = None
    phone_needed: bool = False
    restricted_to: str | None = None
    initials: bool = False
    referral: PlannedReferral | None = None
    follow_up: Callable[[Case, Family, date], Iterable[FollowUp]] | None = None
    letter_values: Callable[[Case, Family], Mapping[str, Any]] | None = None
    excludes: RuleValue | None = None
    meeting: VillageMeeting | None = None
    sector: str = "socio_economic"

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not _SERVICE_NAME.fullmatch(self.name):
            raise ValueError(f'Service {self.name!r}: the name must be "<plugin>.<service>", in lower-case letters')
        owner = f"Service {self.name!r}"
        object.__setattr__(self, "requirements", tuple(self.requirements))
        object.__setattr__(self, "letters", tuple(self.letters))
        check_text(owner, "title", self.title)
        check_unique(owner, "requirements", (item.key for item in self.requirements))
        check_unique(owner, "letters", (item.key for item in self.letters))
        if not (isinstance(self.form, type) and issubclass(self.form, Form)):
            raise ValueError(f"{owner}: form must be a WTForms Form class, not {self.form!r}")
        taken = sorted(name for name in OWN_FIELDS if hasattr(self.form, name))
        if taken:
            raise ValueError(f"{owner}: the form's fields {taken} are core's own; rename them")
        if self.for_whom is not None and _parameters(self.for_whom) not in (3, 4):
            raise ValueError(f"{owner}: for_whom must be a function of (person, family, day) or (…, answers)")
        if self.urgent_when is not None and _parameters(self.urgent_when) != 1:
            raise ValueError(f"{owner}: urgent_when must be a function of (answers)")
        if self.follow_up is not None and _parameters(self.follow_up) != 3:
            raise ValueError(f"{owner}: follow_up must be a function of (case, family, day)")
        if self.letter_values is not None and _parameters(self.letter_values) != 2:
            raise ValueError(f"{owner}: letter_values must be a function of (case, family)")
        if self.sector not in SECTORS:
            raise ValueError(f"{owner}: sector must be one of {tuple(SECTORS)}, not {self.sector!r}")
        if self.subject not in get_args(Subject):
            raise ValueError(f"{owner}: subject must be one of {get_args(Subject)}, not {self.subject!r}")
        self._check_letters(owner)
        self._check_referral(owner)
        self._check_reach(owner)

    def _check_reach(self, owner: str) -> None:
        """Who may see its cases, what they are at odds with, which meeting decides on them."""
        if self.restricted_to is not None:
            check_text(owner, "restricted_to", self.restricted_to)
        if self.excludes is not None and not isinstance(self.excludes, RuleValue):
            raise ValueError(f'{owner}: excludes must be a value of dated rules, such as rules.value("excludes")')
        for programmes in declared_values(self.excludes):
            if not isinstance(programmes, tuple) or self.plugin in programmes:
                raise ValueError(f"{owner}: excludes must be a list of other programmes, not {programmes!r}")
        if self.meeting is not None:
            self.meeting.check(owner, self.plugin, self.workflow)

    def _check_letters(self, owner: str) -> None:
        for letter in self.letters:
            if not letter.template.startswith(f"{self.plugin}/"):
                raise ValueError(f"{owner}: the template {letter.template!r} must be in {self.plugin}/")
            states = self.letter_states(letter)
            if not states:
                raise ValueError(f'{owner}: the letter {letter.key!r} is never due; say when=("…",): its states')
            for key in states:
                if key not in {state.key for state in self.workflow.states if not state.closed}:
                    raise ValueError(f"{owner}: the letter {letter.key!r} names {key!r}, which is no open state")
        wanting = [step.key for step in self.workflow.transitions if step.needs_letter]
        if wanting and not self.letters:
            raise ValueError(f"{owner}: the transition {wanting[0]!r} needs a letter, but the service has none")

    def _check_referral(self, owner: str) -> None:
        wanting = [step.key for step in self.workflow.transitions if step.needs_referral or step.answered]
        if wanting and self.referral is None:
            raise ValueError(f"{owner}: the transition {wanting[0]!r} needs a referral, but the service plans none")
        known = {requirement.key for requirement in self.requirements}
        for key in self.referral.papers if self.referral else ():
            if key not in known:
                raise ValueError(f"{owner}: the referral takes along {key!r}, which is no requirement")

    @property
    def plugin(self) -> str:
        """The name of the plugin that offers it."""
        return self.name.partition(".")[0]

    def criteria(self, person: Person, family: Family, on: date, answers: Mapping[str, Any]) -> tuple[Criterion, ...]:
        """What speaks for and against, as on the day ``on``; none for a service that anyone may ask for.

        Args:
            answers: of the service's form, as a case stores them; empty when nobody was asked yet.
        """
        if self.for_whom is None:
            return ()
        asked = (person, family, on, answers)
        return tuple(self.for_whom(*asked[: self._criteria_parameters]))

    @cached_property
    def _criteria_parameters(self) -> int:
        """Looked up once: a village's screening asks for thousands of residents."""
        return _parameters(self.for_whom)

    def excluded_on(self, day: date) -> tuple[str, ...]:
        """The programmes that its recipients may not get besides, on a day; none when no rule speaks of it."""
        return tuple(value_on(self.excludes, day) or ()) if self.excludes else ()

    def urgent(self, answers: Mapping[str, Any]) -> bool:
        """Whether a case with these answers, as a case stores them, cannot wait."""
        return self.urgent_when is not None and bool(self.urgent_when(answers))

    def name_on_lists(self, name: str) -> str:
        """A resident's name as lists of cases say it: "B. S." where the service has ``initials``."""
        if not self.initials:
            return name
        return " ".join(f"{word[0].upper()}." for word in name.split() if word[0].isalpha()) or name[:1]

    @property
    def standard_components(self) -> tuple[StandardComponent, ...]:
        """The fourteen components of the service standard as of today; those to publish have ``public``."""
        return self.standard.components(self.requirements)

    def letter(self, key: str) -> Letter:
        """Raises: KeyError: the service has no such letter (any more)."""
        for letter in self.letters:
            if letter.key == key:
                return letter
        raise KeyError(f"service {self.name!r} has no letter {key!r}")

    def letter_states(self, letter: Letter) -> tuple[str, ...]:
        """Keys of the states in which a letter may be issued."""
        return letter.when or self.workflow.letter_states or self.workflow.letters_along

    def rule_version(self, on: date) -> str | None:
        """The version of the rules in force on the day ``on``; None for a service without rules.

        Raises:
            NoRule: the service has rules, but none for that day.
        """
        return self.rules.at(on).version if self.rules else None


def _parameters(function: object) -> int:
    """How many a function takes; -1 for what is no function."""
    return len(signature(function).parameters) if callable(function) else -1
