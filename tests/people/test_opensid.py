"""One row of a resident file in OpenSID's format, with all that goes wrong in it on the way."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imports.sheets import Cell, RawRow, cell_date, cell_text
from core.people.identity import Sex
from core.people.opensid import (
    COLUMNS,
    ParseContext,
    ParsedRow,
    Resident,
    RowError,
    parse_row,
)
from core.people.opensid_codes import FamilyRole, Insurance, LifeStatus

TODAY = date(2026, 3, 4)
BIRTH_MOMENT = datetime(1990, 7, 15)  # noqa: DTZ001 (a spreadsheet's dates know no time zone)
GOOD: dict[str, Cell] = {
    "nama": "NENG EUIS",
    "no_kk": "3201151507100001",
    "nik": "3201155507900001",
    "sex": "2",
    "tanggallahir": "1990-07-15",
}


def parsed_in(context: ParseContext, row_no: int, /, **cells: Cell) -> ParsedRow:
    return parse_row(RawRow(row_no, GOOD | cells), context)


def parsed(**cells: Cell) -> ParsedRow:
    return parsed_in(ParseContext(TODAY, "32.01.15.2008"), 2, **cells)


def resident(**cells: Cell) -> Resident:
    row = parsed(**cells)
    assert row.resident, row.errors
    return row.resident


def told(findings: list[RowError]) -> list[tuple[str, str]]:
    return [(f.column, str(f.message)) for f in findings]


def columns_of(findings: list[RowError]) -> list[str]:
    return [f.column for f in findings]


def test_the_template_has_43_columns_from_address_to_longitude():
    assert len(COLUMNS) == 43
    assert (COLUMNS[0], COLUMNS[4:7], COLUMNS[-1]) == ("alamat", ("nama", "no_kk", "nik"), "lng")


def test_a_good_row_makes_a_resident_without_findings():
    row = parsed()
    assert row == ParsedRow(
        2,
        Resident("NENG EUIS", Sex.P, date(1990, 7, 15), nik="3201155507900001", kk_number="3201151507100001"),
        [],
        [],
    )


def test_a_full_row_fills_every_field():
    everything = resident(
        alamat="Kp. Babakan", dusun="DUSUN BABAKAN", rw="2", rt="RT 07", tempatlahir="BOGOR", agama_id="1",
        pendidikan_kk_id="5", pendidikan_sedang_id="18", pekerjaan_id="2", status_kawin="2", kk_level="3",
        warganegara_id="1", ayah_nik="3201150101650001", nama_ayah="UJANG", ibu_nik="3201154101700002",
        nama_ibu="EUIS", golongan_darah_id="11", cacat_id="7", hamil="1", status_dasar="1", suku="SUNDA",
        id_asuransi="2", no_asuransi="0001234567890", lat="-6.5567", lng="106,6897", akta_lahir="AL-1",
        alamat_sekarang="Bogor",
    )  # fmt: skip
    assert everything == Resident(
        "NENG EUIS", Sex.P, date(1990, 7, 15), "3201155507900001", "3201151507100001", FamilyRole.WIFE, "BOGOR",
        "Islam", "SLTA/sederajat", "Tidak sedang sekolah", "Mengurus rumah tangga", "Kawin", "WNI",
        "3201150101650001", "UJANG", "3201154101700002", "EUIS", "O+", "", True, LifeStatus.ALIVE, Insurance.PBI,
        "0001234567890", "SUNDA", "Kp. Babakan", "BABAKAN", "002", "007", -6.5567, 106.6897,
        {"akta_lahir": "AL-1", "alamat_sekarang": "Bogor"},
    )  # fmt: skip


@pytest.mark.parametrize("column", ["nama", "sex", "tanggallahir"])
@pytest.mark.parametrize("blank", ["", "-", "  ", "\u200b", None])
def test_a_row_without_name_sex_or_birth_date_is_an_error_of_that_column(column: str, blank: str | None):
    row = parsed(**{column: blank})
    assert row.resident is None
    assert columns_of(row.errors) == [column]
    assert str(row.errors[0].fix)


def test_all_errors_of_a_row_are_told_at_once():
    row = parsed(nama="", sex="X", tanggallahir="kemarin", nik="123", no_kk="456")
    assert sorted(columns_of(row.errors)) == ["nama", "nik", "no_kk", "sex", "tanggallahir"]
    assert {f.column: f.value for f in row.errors}["nik"] == "123"


def test_a_name_too_long_for_the_register_is_an_error():
    assert columns_of(parsed(nama="A" * 121).errors) == ["nama"]
    assert resident(nama="A" * 120).name == "A" * 120


@pytest.mark.parametrize(
    "nik", ["'3201155507900001", "3201155507900001\u200b", " 3201 1555 0790 0001 ", "\ufeff3201155507900001"]
)
def test_apostrophes_and_invisible_characters_in_a_nik_are_taken_off(nik: str):
    assert resident(nik=nik).nik == "3201155507900001"


@pytest.mark.parametrize("none", ["0", "", "-", 0.0, "'0", None])
def test_nik_zero_blank_or_dash_is_a_resident_without_nik(none: Cell):
    row = parsed(nik=none)
    assert row.resident
    assert row.resident.nik is None
    assert row.warnings == []


@pytest.mark.parametrize("column", ["nik", "no_kk"])
@pytest.mark.parametrize("rounded", [3201151507100000.0, 3201151507100001.0, "3,20115E+15", "3.20115E+15"])
def test_a_number_that_a_spreadsheet_rounded_is_an_error_with_the_remedy(column: str, rounded: Cell):
    row = parsed(**{column: rounded})
    assert columns_of(row.errors) == [column]
    assert "15 angka" in str(row.errors[0].message)
    assert "Teks" in str(row.errors[0].fix)


def test_a_kk_of_fifteen_digits_is_an_error():
    assert told(parsed(no_kk="320115150710000").errors)[0][0] == "no_kk"


def test_a_blank_kk_is_a_warning_and_a_person_without_household():
    row = parsed(no_kk="")
    assert row.resident
    assert row.resident.kk_number is None
    assert columns_of(row.warnings) == ["no_kk"]


def test_a_nik_against_birth_date_and_sex_is_a_warning_that_leaves_the_row_usable():
    row = parsed(sex="1", tanggallahir="1990-07-16")
    assert row.resident
    assert columns_of(row.warnings) == ["nik", "nik"]


def test_a_second_row_with_the_same_nik_is_an_error_that_names_the_first():
    context = ParseContext(TODAY)
    assert not parsed_in(context, 7).errors
    second = parsed_in(context, 19, nama="NENG")
    assert second.resident is None
    assert told(second.errors) == [("nik", "NIK ini sudah ada di baris 7 berkas yang sama.")]


def test_rows_without_nik_are_never_duplicates_of_each_other():
    context = ParseContext(TODAY)
    assert [parsed_in(context, i, nik=none).errors for i, none in enumerate(["", "0", "-", ""])] == [[]] * 4


def test_a_refused_row_still_counts_as_the_first_with_its_nik():
    context = ParseContext(TODAY)
    assert parsed_in(context, 2, nama="").errors
    assert "baris 2" in str(parsed_in(context, 3).errors[0].message)


@pytest.mark.parametrize(
    "cell",
    ["15/07/1990", "15-07-1990", "15.7.1990", "1990-07-15", "1990/7/15", "1990-07-15 00:00:00", "'15/07/1990",
     date(1990, 7, 15), BIRTH_MOMENT, 33069.0, "33069"],
)  # fmt: skip
def test_a_birth_date_is_read_in_every_form_that_files_have(cell: Cell):
    assert resident(tanggallahir=cell).birth_date == date(1990, 7, 15)


@pytest.mark.parametrize(
    "cell", ["1990", 1990.0, "15/07/90", "07/15/1990", "31/02/1990", "Juli 1990", 99999999.0, True]
)
def test_a_date_that_could_mean_two_things_or_none_is_an_error(cell: Cell):
    assert columns_of(parsed(tanggallahir=cell).errors) == ["tanggallahir"]


@pytest.mark.parametrize("cell", ["0000-00-00", "00-00-0000", "0"])
def test_a_databases_empty_date_is_a_missing_birth_date(cell: Cell):
    assert told(parsed(tanggallahir=cell).errors) == [("tanggallahir", "Tanggal lahir kosong.")]


def test_a_birth_date_in_the_future_is_an_error_and_a_great_age_a_warning():
    assert columns_of(parsed(tanggallahir="05/03/2026").errors) == ["tanggallahir"]
    assert resident(nik="", tanggallahir="04/03/2026").birth_date == TODAY
    old = parsed(nik="", tanggallahir="01/01/1905")
    assert old.resident
    assert columns_of(old.warnings) == ["tanggallahir"]


@pytest.mark.parametrize(
    ("column", "spellings", "field", "value"),
    [
        ("sex", ["2", 2.0, "P", "p", "PR", "PEREMPUAN", "perempuan "], "sex", "P"),
        ("agama_id", ["1", "01", 1.0, "ISLAM", "islam"], "religion", "Islam"),
        ("agama_id", ["3", "KATHOLIK", "Katolik"], "religion", "Katolik"),
        ("agama_id", ["7", "Kepercayaan Terhadap Tuhan YME / Lainnya"], "religion", "Kepercayaan"),
        ("pendidikan_kk_id", ["5", "SLTA / SEDERAJAT", "slta/sederajat", "SMA"], "education", "SLTA/sederajat"),
        ("pendidikan_kk_id", ["10", "STRATA III"], "education", "Strata III"),
        ("pendidikan_sedang_id", ["4", "SEDANG SD/SEDERAJAT"], "current_education", "Sedang SD/sederajat"),
        ("pendidikan_sedang_id", ["18", "TIDAK SEDANG SEKOLAH"], "current_education", "Tidak sedang sekolah"),
        ("pekerjaan_id", ["19", "BURUH HARIAN LEPAS"], "occupation", "Buruh harian lepas"),
        ("pekerjaan_id", ["9", "PETANI/PEKEBUN", "petani"], "occupation", "Petani/pekebun"),
        ("pekerjaan_id", ["5", "PNS", "APARATUR SIPIL NEGARA (ASN)"], "occupation", "Pegawai negeri sipil (PNS)"),
        ("pekerjaan_id", ["65", "GURU"], "occupation", "Guru"),
        ("pekerjaan_id", ["89", "LAINNYA"], "occupation", "Lainnya"),
        ("status_kawin", ["1", "BK", "BELUM KAWIN"], "marital_status", "Belum kawin"),
        ("status_kawin", ["4", "CM", "CERAI MATI"], "marital_status", "Cerai mati"),
        ("kk_level", ["1", "KEPALA KELUARGA"], "family_role", FamilyRole.HEAD),
        ("kk_level", ["2", "SUAMI"], "family_role", FamilyRole.HUSBAND),
        ("kk_level", ["3", "ISTRI"], "family_role", FamilyRole.WIFE),
        ("kk_level", ["4", "ANAK"], "family_role", FamilyRole.CHILD),
        ("kk_level", ["5", "MENANTU"], "family_role", FamilyRole.CHILD_IN_LAW),
        ("kk_level", ["6", "CUCU"], "family_role", FamilyRole.GRANDCHILD),
        ("kk_level", ["7", "ORANGTUA", "ORANG TUA"], "family_role", FamilyRole.PARENT),
        ("kk_level", ["8", "MERTUA"], "family_role", FamilyRole.PARENT_IN_LAW),
        ("kk_level", ["9", "FAMILI LAIN"], "family_role", FamilyRole.RELATIVE),
        ("kk_level", ["10", "PEMBANTU"], "family_role", FamilyRole.HELPER),
        ("kk_level", ["11", "LAINNYA", "", "0"], "family_role", FamilyRole.OTHER),
        ("warganegara_id", ["1", "WNI"], "citizenship", "WNI"),
        ("golongan_darah_id", ["4", "O"], "blood_type", "O"),
        ("golongan_darah_id", ["11", "O+", "o +"], "blood_type", "O+"),
        ("golongan_darah_id", ["12", "O-"], "blood_type", "O-"),
        ("golongan_darah_id", ["13", "TIDAK TAHU", "TIDAK_TAHU", "-", "0"], "blood_type", ""),
        ("cacat_id", ["1", "CACAT FISIK"], "disability", "Fisik"),
        ("cacat_id", ["7", "TIDAK CACAT", ""], "disability", ""),
        ("hamil", ["1", "HAMIL"], "pregnant", True),
        ("hamil", ["2", "TIDAK HAMIL"], "pregnant", False),
        ("hamil", ["", "0"], "pregnant", None),
        ("status_dasar", ["1", "HIDUP", ""], "life_status", LifeStatus.ALIVE),
        ("status_dasar", ["2", "MATI"], "life_status", LifeStatus.DEAD),
        ("status_dasar", ["3", "PINDAH"], "life_status", LifeStatus.MOVED),
        ("status_dasar", ["4", "HILANG"], "life_status", LifeStatus.MISSING),
        ("status_dasar", ["6", "PERGI"], "life_status", LifeStatus.AWAY),
        ("status_dasar", ["9", "TIDAK VALID"], "life_status", LifeStatus.INVALID),
        ("id_asuransi", ["1", "TIDAK/BELUM PUNYA"], "insurance", Insurance.NONE),
        ("id_asuransi", ["2", "PBI", "BPJS PENERIMA BANTUAN IURAN"], "insurance", Insurance.PBI),
        ("id_asuransi", ["3", "NON PBI"], "insurance", Insurance.NON_PBI),
        ("id_asuransi", ["4", "BPJS BANTUAN DAERAH"], "insurance", Insurance.REGIONAL),
        ("id_asuransi", ["99"], "insurance", Insurance.OTHER),
        ("id_asuransi", ["", "0"], "insurance", None),
    ],
)  # fmt: skip
def test_a_code_and_its_words_mean_the_same(column: str, spellings: list[Cell], field: str, value: object):
    for spelling in spellings:
        row = parsed(**{column: spelling})
        assert row.resident
        assert getattr(row.resident, field) == value, spelling
        assert column not in columns_of(row.warnings), spelling


@pytest.mark.parametrize(("code", "words"), [
    (12, "Industri"), (23, "Pembantu rumah tangga"), (29, "Tukang las/pandai besi"), (38, "Paraji"),
    (45, "Ustadz/mubaligh"), (56, "Gubernur"), (63, "Anggota DPRD kabupaten/kota"), (76, "Psikiater/psikolog"),
    (84, "Pedagang"), (85, "Perangkat desa"), (88, "Wiraswasta"),
])  # fmt: skip
def test_occupations_stand_at_their_own_codes(code: int, words: str):
    assert resident(pekerjaan_id=str(code)).occupation == words


@pytest.mark.parametrize(
    ("column", "field"),
    [("agama_id", "religion"), ("pendidikan_kk_id", "education"), ("pekerjaan_id", "occupation"),
     ("status_kawin", "marital_status"), ("golongan_darah_id", "blood_type"), ("cacat_id", "disability")],
)  # fmt: skip
def test_an_unknown_word_is_a_warning_and_kept_as_it_stands(column: str, field: str):
    row = parsed(**{column: "Pawang hujan"})
    assert row.resident
    assert getattr(row.resident, field) == "Pawang hujan"
    assert columns_of(row.warnings) == [column]


@pytest.mark.parametrize(
    ("column", "field", "value"),
    [("kk_level", "family_role", FamilyRole.OTHER), ("status_dasar", "life_status", LifeStatus.ALIVE),
     ("id_asuransi", "insurance", None), ("hamil", "pregnant", None)],
)  # fmt: skip
def test_an_unknown_code_of_a_closed_list_is_a_warning_and_kept_in_extra(column: str, field: str, value: object):
    row = parsed(**{column: "77"})
    assert row.resident
    assert getattr(row.resident, field) == value
    assert row.resident.extra == {column: "77"}
    assert columns_of(row.warnings) == [column]


def test_a_pregnant_man_is_a_warning_and_not_pregnant():
    row = parsed(nik="", sex="1", hamil="1")
    assert row.resident
    assert row.resident.pregnant is None
    assert columns_of(row.warnings) == ["hamil"]


@pytest.mark.parametrize("dusun", ["DUSUN CIBADAK", "Dusun  Cibadak", "dusun_Cibadak", "Cibadak", "DUSUN. Cibadak"])
def test_the_word_dusun_is_no_part_of_a_hamlets_name(dusun: str):
    assert resident(dusun=dusun).hamlet.upper() == "CIBADAK"


def test_a_hamlet_that_only_contains_the_word_keeps_it():
    assert resident(dusun="Kp Dusun Baru").hamlet == "Kp Dusun Baru"


@pytest.mark.parametrize("rt", ["2", "02", "002", "0002", 2.0, "RT 2", "rt.02", "RT:002"])
def test_an_rt_becomes_three_digits(rt: Cell):
    assert resident(rt=rt).rt == "002"


@pytest.mark.parametrize("rt", ["1234", "II", "2/3"])
def test_an_rt_that_is_no_number_is_a_warning_and_kept_in_extra(rt: str):
    row = parsed(rt=rt)
    assert row.resident
    assert (row.resident.rt, row.resident.extra) == ("", {"rt": rt})
    assert columns_of(row.warnings) == ["rt"]


@pytest.mark.parametrize(("lat", "lng"), [("106.6", "-6.5"), ("x", "y"), ("nan", "inf"), ("-12", "200")])
def test_coordinates_outside_indonesia_are_warnings_and_kept_in_extra(lat: str, lng: str):
    row = parsed(lat=lat, lng=lng)
    assert row.resident
    assert (row.resident.lat, row.resident.lng) == (None, None)
    assert row.resident.extra == {"lat": lat, "lng": lng}
    assert columns_of(row.warnings) == ["lat", "lng"]


def test_a_wrong_nik_of_a_parent_is_a_warning_of_the_child_and_kept_in_extra():
    row = parsed(ibu_nik="123", ayah_nik=3201150101650000.0)
    assert row.resident
    assert (row.resident.mother_nik, row.resident.father_nik) == (None, None)
    assert row.resident.extra == {"ibu_nik": "123", "ayah_nik": "3201150101650000"}
    assert sorted(columns_of(row.warnings)) == ["ayah_nik", "ibu_nik"]


@given(st.dictionaries(
    st.sampled_from(COLUMNS),
    st.one_of(st.text(max_size=20), st.floats(), st.dates(), st.datetimes(), st.booleans(), st.none(), st.integers()),
))  # fmt: skip
def test_no_cell_whatever_makes_a_row_raise(cells: dict[str, Cell]):
    row = parse_row(RawRow(2, GOOD | cells), ParseContext(TODAY))
    assert (row.resident is None) == bool(row.errors)
    assert all(str(f.message) and str(f.fix) for f in row.errors + row.warnings)
    if row.resident:
        assert "\x00" not in repr(row.resident)


@pytest.mark.parametrize(
    ("cell", "text"),
    [("''NENG", "NENG"), ("' NENG", "NENG"), ("NENG\u00a0 EUIS\n", "NENG EUIS"), ("---", ""), (3.0, "3"), (3.5, "3.5"),
     (BIRTH_MOMENT, "1990-07-15"), (None, ""), ("A-", "A-")],
)  # fmt: skip
def test_a_cell_says_what_can_be_seen_of_it(cell: Cell, text: str):
    assert cell_text(cell) == text


@given(st.text())
def test_a_cells_text_is_visible_and_stable(text: str):
    once = cell_text(text)
    assert once.isprintable()
    assert cell_text(once) == once


@given(st.dates(date(1906, 1, 1), date(2100, 1, 1)))
def test_a_date_is_the_same_in_every_form(day: date):
    serial = (day - date(1899, 12, 30)).days
    forms = [day, f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}", day.isoformat(), float(serial), str(serial)]
    assert {cell_date(form) for form in forms} == {day}
