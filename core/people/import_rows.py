"""A resident file turned into what is compared with the register: families, persons, and what is wrong with rows."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from core.imports.rows import FileRows, Findings
from core.imports.sheet_files import Cell
from core.imports.sheets import cell_text

from .duplicates import Candidate, name_key
from .identity import mask_nik
from .opensid import ParseContext, ParsedRow, Resident, RowError, parse_row

# What a file says of a person beyond name, sex and birth date. A blank says nothing, and changes nothing.
PERSON_TEXTS = (
    "birth_place",
    "family_role",
    "marital_status",
    "religion",
    "education",
    "occupation",
    "father_name",
    "mother_name",
    "disability",
    "insurance",
    "life_status",
)
HOUSEHOLD_TEXTS = ("address", "hamlet", "rt", "rw")
HOUSEHOLD_NUMBERS = ("lat", "lng")

# The residents' other fields, which have no column of their own in the register.
_EXTRA = (
    "current_education",
    "citizenship",
    "father_nik",
    "mother_nik",
    "blood_type",
    "pregnant",
    "insurance_number",
    "ethnicity",
)


@dataclass(frozen=True, slots=True)
class FilePerson:
    """A person of the file. ``texts`` follow :data:`PERSON_TEXTS`."""

    row_no: int
    nik: str | None
    name: str
    name_key: str
    sex: str
    birth_date: date
    kk_number: str | None
    texts: tuple[str, ...]
    extra: str
    """A JSON object."""

    @property
    def candidate(self) -> Candidate:
        mother_name = self.texts[PERSON_TEXTS.index("mother_name")]
        return Candidate(self.row_no, self.name, self.nik, self.birth_date, mother_name, self.kk_number)


@dataclass(slots=True)
class FileHousehold:
    """The people of one No. KK share an address: the head's, completed from the other rows where it is blank."""

    kk_number: str
    has_head: bool = False
    texts: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)

    def add(self, resident: Resident) -> None:
        takes_over = resident.family_role == "head" and not self.has_head
        self.has_head = self.has_head or takes_over
        for values, names in ((self.texts, HOUSEHOLD_TEXTS), (self.numbers, HOUSEHOLD_NUMBERS)):
            for name in names:
                given = getattr(resident, name)
                if given not in ("", None) and (takes_over or name not in values):
                    values[name] = given


@dataclass(frozen=True)
class ImportRows:
    """The people and families of a file's good rows."""

    persons: list[FilePerson]
    households: list[FileHousehold]


def read_rows(rows: FileRows, found: Findings, *, today: date, area_code: str) -> ImportRows:
    """Read and check every row of a file; what is wrong is told to ``found``.

    Args:
        today: where the desk stands.
        area_code: of the village; a number issued outside its kecamatan is a warning.
    """
    context = ParseContext(today, area_code)
    persons: list[FilePerson] = []
    households: dict[str, FileHousehold] = {}
    for raw in rows:
        parsed = parse_row(raw, context)
        _tell(parsed, found)
        if (resident := parsed.resident) is None:
            continue
        persons.append(_person(parsed.row_no, resident, raw.cells))
        if number := resident.kk_number:
            households.setdefault(number, FileHousehold(number)).add(resident)
    return ImportRows(persons, list(households.values()))


def _tell(parsed: ParsedRow, found: Findings) -> None:
    for level, items in (("error", parsed.errors), ("warning", parsed.warnings)):
        for item in items:
            found.tell(parsed.row_no, level, item.column, _shown(item), str(item.message), str(item.fix))


def _shown(item: RowError) -> str:
    """A whole number is masked: lists of findings are downloaded and passed on."""
    digits = "".join(c for c in item.value if c.isdigit())
    return mask_nik(digits) if len(digits) == 16 else item.value.lstrip("'")


def _person(row_no: int, resident: Resident, cells: dict[str, Cell]) -> FilePerson:
    says = {name: getattr(resident, name) or "" for name in PERSON_TEXTS}
    # These two have a value even where the cell is blank, and a blank must not bring a dead person back to life.
    for name, column in (("family_role", "kk_level"), ("life_status", "status_dasar")):
        if not cell_text(cells.get(column, "")):
            says[name] = ""
    return FilePerson(
        row_no,
        resident.nik,
        resident.name,
        name_key(resident.name),
        resident.sex,
        resident.birth_date,
        resident.kk_number,
        tuple(says.values()),
        json.dumps(_extra(resident)),
    )


def _extra(resident: Resident) -> dict[str, object]:
    names: Iterable[str] = _EXTRA if resident.kk_number else (*_EXTRA, *HOUSEHOLD_TEXTS)
    given = {name: value for name in names if (value := getattr(resident, name)) not in ("", None)}
    return {**resident.extra, **given}
