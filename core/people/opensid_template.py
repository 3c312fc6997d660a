"""The columns of OpenSID's resident template, and how a resident is written into them."""

from collections.abc import Callable, Iterable
from pathlib import Path

from core.imports.sheet_files import write_table
from core.imports.sheets import Layout

from . import opensid_codes as codes
from .resident import Resident

# In the template's order. A column that a Resident has no field for comes from ``extra``, where a code that nobody
# knows is kept too; both are written back as they came.
_TEXT_OF: dict[str, Callable[[Resident], str] | None] = {
    "alamat": lambda r: r.address,
    "dusun": lambda r: r.hamlet,
    "rw": lambda r: r.rw,
    "rt": lambda r: r.rt,
    "nama": lambda r: r.name,
    "no_kk": lambda r: r.kk_number or "",
    "nik": lambda r: r.nik or "",
    "sex": lambda r: codes.SEXES.code(r.sex),
    "tempatlahir": lambda r: r.birth_place,
    "tanggallahir": lambda r: r.birth_date.isoformat(),
    "agama_id": lambda r: codes.RELIGIONS.code(r.religion),
    "pendidikan_kk_id": lambda r: codes.EDUCATIONS.code(r.education),
    "pendidikan_sedang_id": lambda r: codes.CURRENT_EDUCATIONS.code(r.current_education),
    "pekerjaan_id": lambda r: codes.OCCUPATIONS.code(r.occupation),
    "status_kawin": lambda r: codes.MARITAL_STATUSES.code(r.marital_status),
    "kk_level": lambda r: codes.FAMILY_ROLES.code(r.family_role),
    "warganegara_id": lambda r: codes.CITIZENSHIPS.code(r.citizenship),
    "ayah_nik": lambda r: r.father_nik or "",
    "nama_ayah": lambda r: r.father_name,
    "ibu_nik": lambda r: r.mother_nik or "",
    "nama_ibu": lambda r: r.mother_name,
    "golongan_darah_id": lambda r: codes.BLOOD_TYPES.code(r.blood_type),
    "akta_lahir": None,
    "dokumen_pasport": None,
    "tanggal_akhir_paspor": None,
    "dokumen_kitas": None,
    "akta_perkawinan": None,
    "tanggalperkawinan": None,
    "akta_perceraian": None,
    "tanggalperceraian": None,
    "cacat_id": lambda r: codes.DISABILITIES.code(r.disability),
    "cara_kb_id": None,
    "hamil": lambda r: {None: "", True: "1", False: "2"}[r.pregnant],
    "ktp_el": None,
    "status_rekam": None,
    "alamat_sekarang": None,
    "status_dasar": lambda r: codes.LIFE_STATUSES.code(r.life_status),
    "suku": lambda r: r.ethnicity,
    "tag_id_card": None,
    "id_asuransi": lambda r: codes.INSURANCES.code(r.insurance or ""),
    "no_asuransi": lambda r: r.insurance_number,
    "lat": lambda r: _coordinate(r.lat),
    "lng": lambda r: _coordinate(r.lng),
}

COLUMNS = tuple(_TEXT_OF)
EXTRA_COLUMNS = tuple(column for column, text_of in _TEXT_OF.items() if text_of is None)

LAYOUT = Layout(
    COLUMNS,
    required=("nama", "no_kk", "nik", "sex", "tanggallahir"),
    aliases={
        "nama_lengkap": "nama",
        "nomor_kk": "no_kk",
        "jenis_kelamin": "sex",
        "tgl_lahir": "tanggallahir",
        "agama": "agama_id",
        "pendidikan": "pendidikan_kk_id",
        "pekerjaan": "pekerjaan_id",
        "status_perkawinan": "status_kawin",
        "shdk": "kk_level",
        "hubungan_keluarga": "kk_level",
        "warganegara": "warganegara_id",
        "kewarganegaraan": "warganegara_id",
        "nik_ayah": "ayah_nik",
        "nik_ibu": "ibu_nik",
        "golongan_darah": "golongan_darah_id",
        "cacat": "cacat_id",
        "asuransi": "id_asuransi",
    },
)


def write_template(path: Path) -> None:
    """An empty template, every column formatted as text, so that a NIK typed into it keeps its sixteen digits."""
    write_table(path, COLUMNS, [])


def write_rows(path: Path, residents: Iterable[Resident]) -> None:
    """Writes residents as ``.xlsx`` or ``.csv``; reading the file gives the same residents. Numbers stay texts."""
    write_table(path, COLUMNS, (_row(resident) for resident in residents))


def _row(resident: Resident) -> list[str]:
    kept = resident.extra
    return [kept.get(column) or (text_of(resident) if text_of else "") for column, text_of in _TEXT_OF.items()]


def _coordinate(degrees: float | None) -> str:
    return "" if degrees is None else str(degrees)
