"""The letter as it lies on the table: what the PDF says."""

import re
from io import BytesIO

from pypdf import PdfReader

from .conftest import Desk


def text_of(desk: Desk, url: str) -> str:
    """All of the PDF's text on one line: where typst breaks a line says nothing."""
    with desk.staff.get(url) as answer:
        assert answer.mimetype == "application/pdf"
        pages = PdfReader(BytesIO(answer.data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_letter_says_who_is_poor_for_what_and_who_saw_it(desk: Desk) -> None:
    case = desk.open_case("Enok Sumarni", nik="3201155507900001", birth_place="Bogor", occupation="Buruh tani")
    desk.approve(case)
    text = text_of(desk, desk.issue(case))
    for part in (
        "PEMERINTAH KABUPATEN BOGOR",
        "DESA CIBADAK",
        "SURAT KETERANGAN TIDAK MAMPU",
        "Enok Sumarni",
        "3201155507900001",
        "Bogor, 15 Juli 1990",
        "Buruh tani",
        "RT 002/RW 005",
        "adalah benar warga Desa Cibadak",
        "Buruh harian, tiga anak.",
        "Pendidikan (sekolah, KIP, keringanan biaya)",
        "ditujukan kepada SDN Cibadak 01",
        "Saksi: 1. Ujang 2. Oom",
        "berlaku sampai dengan",
    ):
        assert part in text
    assert re.search(r"Nomor: 460/001/CBD/[IVX]+/\d{4}", text)


def test_what_the_clerk_typed_is_set_as_it_stands(desk: Desk) -> None:
    """Names and reasons hold signs that typst takes for markup."""
    reason = "Upah #20.000 * 5 hari [tidak tetap] \\ $ _"
    case = desk.open_case("Neng @Sri *Lestari*", reason=reason, addressee='RS "Kasih & Ibu"')
    desk.approve(case)
    text = text_of(desk, desk.issue(case))
    assert reason in text
    assert "Neng @Sri *Lestari*" in text
    assert "Kasih & Ibu" in text


def test_a_resident_without_a_nik_gets_a_letter_that_says_so(desk: Desk) -> None:
    case = desk.open_case("Bayi Sumarni", nik=None)
    desk.approve(case)
    assert "NIK : belum ada" in text_of(desk, desk.issue(case))


def test_a_letter_is_indonesian_whatever_the_clerk_reads(desk: Desk) -> None:
    case = desk.open_case()
    desk.approve(case)
    desk.staff.get("/language/en")
    text = text_of(desk, desk.issue(case))
    assert "SURAT KETERANGAN TIDAK MAMPU" in text
    assert "Pendidikan (sekolah, KIP, keringanan biaya)" in text
