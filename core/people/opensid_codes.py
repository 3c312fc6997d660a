"""The code lists of OpenSID's resident template, readable in both directions: a code or its words, and back.

They are those of Indonesian civil registration (the KK form and SIAK), numbered as OpenSID numbers them. The words that
are kept are the registry's own, so they are data and not translated; what programs decide on has a short English value.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Generic, TypeVar

from .identity import Sex


class FamilyRole(StrEnum):
    HEAD = "head"
    HUSBAND = "husband"
    WIFE = "wife"
    CHILD = "child"
    CHILD_IN_LAW = "child_in_law"
    GRANDCHILD = "grandchild"
    PARENT = "parent"
    PARENT_IN_LAW = "parent_in_law"
    RELATIVE = "relative"
    HELPER = "helper"
    OTHER = "other"


class LifeStatus(StrEnum):
    ALIVE = "alive"
    DEAD = "dead"
    MOVED = "moved"
    MISSING = "missing"
    AWAY = "away"
    INVALID = "invalid"


class Insurance(StrEnum):
    """Who pays for the health insurance: nobody, the state (PBI), the member, or the district (PBPU Pemda)."""

    NONE = "none"
    PBI = "pbi"
    NON_PBI = "non_pbi"
    REGIONAL = "regional"
    OTHER = "other"


V = TypeVar("V", bound=str)


@lru_cache(maxsize=65_536)
def _key(words: str) -> str:
    """Letters and digits, so that ``SLTA / SEDERAJAT`` equals ``slta/sederajat``; and the sign of a blood type."""
    sign = "-" if words.endswith("-") else ""
    return "".join(c for c in words.upper() if c.isalnum() or c == "+") + sign


class Codes(Generic[V]):
    """One list: a code, the value that it stands for, and the words by which files call it, separated by ``|``."""

    def __init__(self, rows: Sequence[tuple[str, V, str]]) -> None:
        self._codes: dict[str, str] = {value: code for code, value, _words in rows}
        self._values: dict[str, V] = {}
        for code, value, words in rows:
            for name in (code, code.zfill(2), *words.split("|")):
                self._values[_key(name)] = value

    def __iter__(self) -> Iterator[V]:
        return iter(dict.fromkeys(self._values.values()))

    def find(self, text: str) -> V | None:
        """The value of a code or of its words, in any case and spacing; None when there is none."""
        value = self._values.get(text)
        return self._values.get(_key(text)) if value is None else value

    def code(self, value: str) -> str:
        """The code of a value; what is no value of this list comes back as it is."""
        return self._codes.get(value, value)


def _numbered(*entries: str) -> Codes[str]:
    """A list numbered from 1, in entries of one or more rows parted by ``;``. A row's value is its first spelling."""
    rows = [row.strip() for entry in entries for row in entry.split(";")]
    return Codes([(str(i), row.split("|")[0], row) for i, row in enumerate(rows, start=1)])


SEXES = Codes([("1", Sex.L, "L|LK|Laki-laki|Pria"), ("2", Sex.P, "P|PR|Perempuan|Wanita")])

FAMILY_ROLES = Codes(
    [
        ("1", FamilyRole.HEAD, "Kepala keluarga|Kepala|KK"),
        ("2", FamilyRole.HUSBAND, "Suami"),
        ("3", FamilyRole.WIFE, "Istri|Isteri"),
        ("4", FamilyRole.CHILD, "Anak|Anak kandung|Anak tiri|Anak angkat"),
        ("5", FamilyRole.CHILD_IN_LAW, "Menantu"),
        ("6", FamilyRole.GRANDCHILD, "Cucu"),
        ("7", FamilyRole.PARENT, "Orang tua"),
        ("8", FamilyRole.PARENT_IN_LAW, "Mertua"),
        ("9", FamilyRole.RELATIVE, "Famili lain|Famili|Keluarga lain"),
        ("10", FamilyRole.HELPER, "Pembantu"),
        ("11", FamilyRole.OTHER, "Lainnya"),
    ]
)

LIFE_STATUSES = Codes(
    [
        ("1", LifeStatus.ALIVE, "Hidup"),
        ("2", LifeStatus.DEAD, "Mati|Meninggal|Meninggal dunia"),
        ("3", LifeStatus.MOVED, "Pindah|Pindah dalam negeri|Pindah luar negeri"),
        ("4", LifeStatus.MISSING, "Hilang"),
        ("6", LifeStatus.AWAY, "Pergi"),
        ("9", LifeStatus.INVALID, "Tidak valid"),
    ]
)

INSURANCES = Codes(
    [
        ("1", Insurance.NONE, "Tidak/belum punya|Tidak punya|Belum punya|Tidak ada"),
        ("2", Insurance.PBI, "BPJS Penerima Bantuan Iuran|BPJS PBI|PBI|PBI JK|PBI APBN"),
        ("3", Insurance.NON_PBI, "BPJS Non Penerima Bantuan Iuran|BPJS Non PBI|Non PBI|Mandiri|BPJS Mandiri"),
        ("4", Insurance.REGIONAL, "BPJS Bantuan Daerah|PBI APBD|PBPU Pemda|Jamkesda|KIS Daerah"),
        ("99", Insurance.OTHER, "Asuransi lainnya|Lainnya"),
    ]
)

PREGNANCIES = Codes([("1", "yes", "Hamil|Ya"), ("2", "no", "Tidak hamil|Tidak")])

RELIGIONS = _numbered(
    "Islam",
    "Kristen|Kristen Protestan|Protestan",
    "Katolik|Katholik|Kristen Katolik",
    "Hindu",
    "Buddha|Budha",
    "Konghucu|Khonghucu|Kong Hu Cu",
    "Kepercayaan|Kepercayaan terhadap Tuhan YME|Kepercayaan terhadap Tuhan YME / Lainnya|Lainnya",
)

EDUCATIONS = _numbered(
    "Tidak/belum sekolah|Tidak sekolah|Belum sekolah|Tidak/Blm sekolah",
    "Belum tamat SD/sederajat|Tidak tamat SD/sederajat|Belum tamat SD|Tidak tamat SD",
    "Tamat SD/sederajat|Tamat SD|SD/sederajat|SD",
    "SLTP/sederajat|SLTP|SMP/sederajat|SMP|MTs|Tamat SMP",
    "SLTA/sederajat|SLTA|SMA/sederajat|SMA|SMK|MA|Tamat SMA",
    "Diploma I/II|D1|D2|D-1/II",
    "Akademi/Diploma III/Sarjana Muda|Akademi/Diploma III/S. Muda|Diploma III|D3",
    "Diploma IV/Strata I|Diploma IV|Strata I|D4|S1|Sarjana",
    "Strata II|S2",
    "Strata III|S3",
)

CURRENT_EDUCATIONS = _numbered(
    "Belum masuk TK/kelompok bermain",
    "Sedang TK/kelompok bermain|TK|PAUD",
    "Tidak pernah sekolah",
    "Sedang SD/sederajat|SD",
    "Tidak tamat SD/sederajat",
    "Sedang SLTP/sederajat|SLTP|SMP",
    "Sedang SLTA/sederajat|SLTA|SMA|SMK",
    "Sedang D-1/sederajat; Sedang D-2/sederajat; Sedang D-3/sederajat",
    "Sedang S-1/sederajat; Sedang S-2/sederajat; Sedang S-3/sederajat",
    "Sedang SLB A/sederajat; Sedang SLB B/sederajat; Sedang SLB C/sederajat",
    "Tidak dapat membaca dan menulis huruf Latin/Arab",
    "Tidak sedang sekolah",
)

MARITAL_STATUSES = _numbered(
    "Belum kawin|BK|Belum menikah",
    "Kawin|K|Menikah|Kawin tercatat|Kawin belum tercatat|Kawin tidak tercatat",
    "Cerai hidup|CH",
    "Cerai mati|CM",
)

CITIZENSHIPS = _numbered("WNI|Indonesia", "WNA", "Dua kewarganegaraan")

_BLOOD_SIGNS = ("A", "B", "AB", "O", "A+", "A-", "B+", "B-", "AB+", "AB-", "O+", "O-")
BLOOD_TYPES = Codes(
    [(str(i), sign, sign) for i, sign in enumerate(_BLOOD_SIGNS, start=1)] + [("13", "", "Tidak tahu|Tdk Th")]
)

# Code 7, "no disability", is kept as a blank, so that a text always means a disability.
DISABILITIES: Codes[str] = Codes(
    [
        ("1", "Fisik", "Cacat fisik|Fisik"),
        ("2", "Netra/buta", "Cacat netra/buta|Netra/buta|Netra"),
        ("3", "Rungu/wicara", "Cacat rungu/wicara|Rungu/wicara"),
        ("4", "Mental/jiwa", "Cacat mental/jiwa|Mental/jiwa"),
        ("5", "Fisik dan mental", "Cacat fisik dan mental|Fisik dan mental"),
        ("6", "Lainnya", "Cacat lainnya|Lainnya"),
        ("7", "", "Tidak cacat|Tidak ada|Bukan penyandang disabilitas"),
    ]
)

OCCUPATIONS = _numbered(
    "Belum/tidak bekerja|Belum bekerja|Tidak bekerja",
    "Mengurus rumah tangga|Ibu rumah tangga|IRT",
    "Pelajar/mahasiswa|Pelajar|Mahasiswa",
    "Pensiunan",
    "Pegawai negeri sipil (PNS)|PNS|Aparatur sipil negara (ASN)|ASN|Pegawai negeri sipil",
    "Tentara Nasional Indonesia (TNI)|TNI|Tentara Nasional Indonesia",
    "Kepolisian RI (Polri)|Polri|Kepolisian RI",
    "Perdagangan",
    "Petani/pekebun|Petani|Pekebun",
    "Peternak",
    "Nelayan/perikanan|Nelayan",
    "Industri; Konstruksi; Transportasi; Karyawan swasta; Karyawan BUMN; Karyawan BUMD",
    "Karyawan honorer|Honorer",
    "Buruh harian lepas|BHL",
    "Buruh tani/perkebunan|Buruh tani",
    "Buruh nelayan/perikanan",
    "Buruh peternakan",
    "Pembantu rumah tangga|PRT",
    "Tukang cukur; Tukang listrik; Tukang batu; Tukang kayu; Tukang sol sepatu; Tukang las/pandai besi",
    "Tukang jahit; Tukang gigi; Penata rias; Penata busana; Penata rambut; Mekanik; Seniman; Tabib; Paraji",
    "Perancang busana; Penterjemah|Penerjemah; Imam masjid; Pendeta; Pastor; Wartawan",
    "Ustadz/mubaligh|Ustadz|Ustaz",
    "Juru masak; Promotor acara; Anggota DPR-RI; Anggota DPD; Anggota BPK; Presiden; Wakil presiden",
    "Anggota mahkamah konstitusi; Anggota kabinet kementerian; Duta besar; Gubernur; Wakil gubernur",
    "Bupati; Wakil bupati; Walikota; Wakil walikota; Anggota DPRD provinsi; Anggota DPRD kabupaten/kota",
    "Dosen; Guru; Pilot; Pengacara; Notaris; Arsitek; Akuntan; Konsultan; Dokter; Bidan; Perawat; Apoteker",
    "Psikiater/psikolog; Penyiar televisi; Penyiar radio; Pelaut; Peneliti; Sopir; Pialang; Paranormal; Pedagang",
    "Perangkat desa; Kepala desa; Biarawati; Wiraswasta; Lainnya",
)
