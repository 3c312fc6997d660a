"""A district's file: what it can say, and how a wrong one is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.areas.code import AreaCode
from tenants.demo import MANIFEST
from tenants.manifest import ManifestError, ModuleChoice, read_manifest

INSTALLED = ["pbi_jk", "queue", "sktm"]
WriteFile = Callable[..., Path]


def problems(path: Path) -> tuple[str, ...]:
    with pytest.raises(ManifestError) as refused:
        read_manifest(path, INSTALLED)
    assert str(path) in str(refused.value)
    return refused.value.problems


def test_the_file_of_kabupaten_bogor_serves_all_its_villages() -> None:
    modules = ["balita", "bansos", "blt_desa", "complaints", "dtsen", "pbi_jk", "pip", "pkh", "sktm", "uhc"]
    manifest = read_manifest(MANIFEST, modules)
    assert len(manifest.villages) == 435
    bogor = AreaCode.parse("32.01")
    assert set(manifest.modules) == {ModuleChoice(bogor, name, enabled=True) for name in modules}
    assert {member.role for member in manifest.staff} == {
        "district_admin",
        "district_officer",
        "kecamatan_supervisor",
        "village_head",
        "village_staff",
        "field_worker",
    }


def test_selections_of_villages_add_up(tmp_path: Path) -> None:
    path = tmp_path / "kabupaten.toml"
    path.write_text(
        '[district]\ncode = "32.01"\n[[villages]]\nkecamatan = ["32.01.15"]\n'
        '[[villages]]\nvillages = ["32.01.15.2008", "32.01.01.1001"]\n'
    )
    codes = [str(area.code) for area in read_manifest(path, INSTALLED).villages]
    assert codes[0] == "32.01.01.1001"
    assert len(codes) == 14
    assert codes.count("32.01.15.2008") == 1


def test_modules_and_overrides_become_choices_from_the_top(district_file: WriteFile) -> None:
    path = district_file(
        '[modules]\nenabled = ["sktm", "queue"]\nlocked = ["sktm"]\n'
        '[[override]]\narea = "32.01.15.2010"\nmodule = "queue"\nenabled = false\nlocked = true\n'
    )
    district, village = AreaCode.parse("32.01"), AreaCode.parse("32.01.15.2010")
    assert read_manifest(path, INSTALLED).modules == (
        ModuleChoice(district, "sktm", enabled=True, locked=True),
        ModuleChoice(district, "queue", enabled=True, locked=False),
        ModuleChoice(village, "queue", enabled=False, locked=True),
    )


STAFF = '[[staff]]\nusername = "{}"\nname = "Ani"\nrole = "{}"\narea = "{}"\n'


@pytest.mark.parametrize(
    ("more", "place", "fault"),
    [
        ("modul = 1", "modul", "tidak dikenal"),
        ("[modules]\nenable = []", "[modules] enable", "Yang dapat ditulis di sini: enabled, locked"),
        ('[modules]\nenabled = "sktm"', "[modules] enabled", "daftar teks"),
        ('[modules]\nenabled = ["pkh"]', "[modules] enabled", "Yang ada: pbi_jk, queue, sktm"),
        ('[modules]\nlocked = ["sktm"]', "[modules] locked", "tidak ada di enabled"),
        ('[[override]]\narea = "32.01.15.2008"\nmodule = "sktm"', "[[override]] ke-1 enabled", "true atau false"),
        (
            '[[override]]\narea = "32.01.01"\nmodule = "sktm"\nenabled = true',
            "[[override]] ke-1 area",
            "tidak dipilih di [[villages]]",
        ),
        (
            '[[override]]\narea = "32.02.01.2002"\nmodule = "sktm"\nenabled = true',
            "[[override]] ke-1 area",
            "bukan bagian dari 32.01",
        ),
        ('[tickets]\n"32.01.15.2008" = "cbd"', "[tickets] 32.01.15.2008", "huruf besar"),
        ('[tickets]\n"32.01.15" = "CBD"', "[tickets] 32.01.15", "bukan kode pada tingkat ini"),
        (STAFF.format("a b", "village_staff", "32.01.15.2008"), "[[staff]] ke-1 username", "huruf, angka"),
        (STAFF.format("ani", "boss", "32.01.15.2008"), "[[staff]] ke-1 role", "village_head"),
        (STAFF.format("ani", "village_head", "32.01.15"), "[[staff]] ke-1 area", "wilayah di bawahnya"),
        (STAFF.format("ani", "village_head", "cibadak"), "[[staff]] ke-1 area", "Tulis seperti 32.01.15.2008"),
        (STAFF.format("ani", "village_head", "32.01.15.2999"), "[[staff]] ke-1 area", "Periksa angkanya"),
        (
            STAFF.format("ani", "village_head", "32.01.15.2008") + 'until = "2027"',
            "[[staff]] ke-1 until",
            "until = 2026-12-31",
        ),
        (STAFF.format("ani", "village_head", "32.01.15.2008") * 2, "staff", "disebut 2 kali"),
        ('staff = "ani"', "staff", "dua kurung siku"),
    ],
)
def test_a_fault_names_its_place_and_what_to_write(district_file: WriteFile, more: str, place: str, fault: str) -> None:
    # A key outside of any table must stand before the first one.
    path = district_file(more)
    if "[" not in more:
        path.write_text(f"{more}\n{path.read_text().replace(more, '')}")
    found = problems(path)
    assert len(found) == 1
    assert found[0].startswith(f"{place}: ")
    assert fault in found[0]


@pytest.mark.parametrize(
    ("villages", "fault"),
    [
        ("[]", "tidak memilih apa pun"),
        ('["32.01.15"]', "bukan kode pada tingkat ini"),
        ('["32.01.15.2999"]', "Periksa angkanya"),
        ('["32.02.01.2002"]', "bukan bagian dari 32.01"),
        ("[3201152008]", "daftar teks"),
    ],
)
def test_villages_that_cannot_be_are_refused(district_file: WriteFile, villages: str, fault: str) -> None:
    found = problems(district_file(villages=villages))
    assert any(problem.startswith("[[villages]] ke-1") and fault in problem for problem in found)


def test_all_faults_are_told_at_once(district_file: WriteFile) -> None:
    path = district_file('[modules]\nenabled = ["pkh"]\n' + STAFF.format("a b", "boss", "32.01.15.2008"))
    assert len(problems(path)) == 3


def test_one_person_cannot_have_two_names(district_file: WriteFile) -> None:
    staff = STAFF.format("ani", "village_head", "32.01.15.2008")
    path = district_file(staff + staff.replace("Ani", "Ana").replace("2008", "2010"))
    assert any("dua nama" in problem for problem in problems(path))


def test_a_file_without_a_district_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kosong.toml"
    path.write_text("")
    assert problems(path)[0].startswith("[district]: belum ada")


def test_a_file_that_is_not_toml_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "rusak.toml"
    path.write_text('[district]\ncode = "32.01\n')
    assert "line 2" in problems(path)[0]


def test_a_missing_file_is_told_as_such(tmp_path: Path) -> None:
    assert "tidak ada" in problems(tmp_path / "mana.toml")[0]
