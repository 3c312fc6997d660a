"""One resident as a file tells of them: typed, checked, not yet in any database."""

from dataclasses import dataclass, field
from datetime import date

from .identity import Sex
from .opensid_codes import FamilyRole, Insurance, LifeStatus


@dataclass(frozen=True, slots=True)
class Resident:
    """Texts are blank, and the other optional fields None, where the file says nothing.

    ``religion``, ``education``, ``current_education``, ``occupation``, ``marital_status``, ``citizenship``,
    ``blood_type`` and ``disability`` hold the registry's own words, or the file's where a code is unknown; a blank
    ``disability`` means none. ``rt`` and ``rw`` are three digits. ``extra`` has what else the row says, by its column.
    """

    name: str
    sex: Sex
    birth_date: date
    nik: str | None = None
    kk_number: str | None = None
    family_role: FamilyRole = FamilyRole.OTHER
    birth_place: str = ""
    religion: str = ""
    education: str = ""
    current_education: str = ""
    occupation: str = ""
    marital_status: str = ""
    citizenship: str = ""
    father_nik: str | None = None
    father_name: str = ""
    mother_nik: str | None = None
    mother_name: str = ""
    blood_type: str = ""
    disability: str = ""
    pregnant: bool | None = None
    life_status: LifeStatus = LifeStatus.ALIVE
    insurance: Insurance | None = None
    insurance_number: str = ""
    ethnicity: str = ""
    address: str = ""
    hamlet: str = ""
    rw: str = ""
    rt: str = ""
    lat: float | None = None
    lng: float | None = None
    extra: dict[str, str] = field(default_factory=dict)
