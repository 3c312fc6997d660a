"""Letters: numbered without gaps or doubles, set as they are written, signed, revoked, replaced, registered."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask, g
from pypdf import PdfReader
from sqlalchemy import select

from core.areas.code import AreaCode
from core.areas.current import CurrentArea
from core.cases import letters, progress
from core.cases.errors import CaseError
from core.cases.letter_pdf import LetterTemplateError, qr_svg
from core.cases.letter_register import register_page, unsigned_letters
from core.cases.letter_values import in_indonesian
from core.cases.models import Case, LetterRecord
from core.cases.numbering import next_number
from core.clock import now, today
from core.database.session import commit, db
from core.files import FileStore
from core.platform import platform
from core.testing import SIBLING, VILLAGE, SignInAs, at, make_person, make_user
from core.users.models import Membership

HOSTILE = '#panic("x") *tebal* _miring_ \\ $1$ <script>alert(1)</script> @nama `kode` [kurung] // bukan komentar'


def numbers(village_id: int) -> list[int]:
    return [row.number for row in db.session.query(LetterRecord).filter_by(village_id=village_id).order_by("number")]


def pdf_of(letter: LetterRecord) -> PdfReader:
    path = FileStore(platform().config.files_dir, letter.village_id).path(letter.sha256)
    return PdfReader(BytesIO(path.read_bytes()))


def text_of(letter: LetterRecord) -> str:
    """The words of the PDF with single spaces, hyphens at line ends joined again."""
    raw = "\n".join(page.extract_text() for page in pdf_of(letter).pages)
    return " ".join(raw.replace("-\n", "").split())


# ---- numbers ----


def test_a_letter_is_numbered_by_archive_code_village_month_and_year(village, desk) -> None:
    with patch("core.cases.letters.today", return_value=date(2026, 11, 25)):
        letter = desk.letter(desk.at(village, "issued"))
    assert letter.reference == "460/001/CBD/XI/2026"
    assert (letter.year, letter.number) == (2026, 1)


def test_letters_are_counted_from_one_in_each_year_and_village(app: Flask, areas: None, desk) -> None:
    with at(app, VILLAGE) as area:
        for year in (2026, 2026, 2027):
            with patch("core.cases.letters.today", return_value=date(year, 1, 5)):
                desk.at(area, "issued")
        commit()
        found = [row.reference for row in db.session.query(LetterRecord).order_by("year", "number")]
        assert found == ["460/001/CBD/I/2026", "460/002/CBD/I/2026", "460/001/CBD/I/2027"]
    with at(app, SIBLING) as area:
        assert desk.letter(desk.at(area, "issued")).number == 1


def test_eight_clerks_at_once_get_neither_gaps_nor_doubles(app: Flask, areas: None) -> None:
    """Every third transaction is given up after it had drawn its number: that number is drawn again."""

    def draw(turn: int) -> int | None:
        with at(app, VILLAGE) as area:
            number = next_number(area.id, "letter", 2026)
            if turn % 3 == 0:
                db.session.rollback()
                return None
            commit()
            return number

    with ThreadPoolExecutor(8) as clerks:
        drawn = list(clerks.map(draw, range(240)))
    kept = sorted(number for number in drawn if number)
    assert kept == list(range(1, 161))


def test_letters_issued_at_once_are_numbered_one_by_one(app: Flask, areas: None, desk) -> None:
    with at(app, VILLAGE) as area:
        cases = [desk.at(area, "approved").id for _ in range(8)]
        commit()

    def issue(turn: int) -> None:
        with at(app, VILLAGE) as area:
            desk.issue(area, db.session.query(Case).filter_by(id=cases[turn]).one())
            if turn in (2, 5):
                db.session.rollback()
            else:
                commit()

    with ThreadPoolExecutor(8) as clerks:
        list(clerks.map(issue, range(8)))
    with at(app, VILLAGE) as area:
        assert numbers(area.id) == [1, 2, 3, 4, 5, 6]


def test_a_template_that_cannot_be_set_takes_no_number(village, desk) -> None:
    case = desk.at(village, "approved")
    commit()
    with (
        patch("core.cases.letter_pdf._template", return_value=b"#panic()"),
        pytest.raises(LetterTemplateError, match=r"sktm/letter\.typ"),
    ):
        desk.issue(village, case)
    db.session.rollback()
    assert desk.issue(village, case).number == 1


# ---- when ----


@pytest.mark.parametrize("state", ["registered", "handling", "recommended"])
def test_what_is_not_approved_yet_cannot_be_printed(village, desk, state: str) -> None:
    case = desk.at(village, state)
    with pytest.raises(CaseError, match="setelah kasus sampai di: Disetujui"):
        desk.issue(village, case)
    assert numbers(village.id) == []


@pytest.mark.parametrize("state", ["done", "refused", "cancelled"])
def test_a_closed_case_gets_no_letter_any_more(village, desk, state: str) -> None:
    case = desk.at(village, state)
    before = numbers(village.id)
    with pytest.raises(CaseError, match="sudah ditutup"):
        desk.issue(village, case)
    assert numbers(village.id) == before


def test_a_case_has_one_letter_that_holds(village, desk) -> None:
    with pytest.raises(CaseError, match="Cabut dulu"):
        desk.issue(village, desk.at(village, "issued"))


def test_a_letter_pressed_twice_is_one_letter(app: Flask, areas: None, desk, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        case_id, version = (case := desk.at(area, "approved")).id, case.version
        desk.save(case)
    staff = sign_in("village_staff")
    url = f"/{VILLAGE}/cases/{case_id}/letters/statement"
    assert staff.post(url, data={"version": version}).status_code == 302
    assert staff.post(url, data={"version": version}).status_code == 409
    with at(app, VILLAGE) as area:
        assert numbers(area.id) == [1]


def test_a_letter_that_the_service_does_not_have_is_refused(app: Flask, areas: None, desk, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        case_id, version = (case := desk.at(area, "approved")).id, case.version
        desk.save(case)
    answer = sign_in("village_staff").post(f"/{VILLAGE}/cases/{case_id}/letters/praise", data={"version": version})
    assert answer.status_code == 422


# ---- what stands in it ----


@pytest.fixture
def head_of_village(app: Flask, areas: None) -> None:
    with app.app_context():
        user = make_user("H. Ohim Suherman")
        db.session.add(Membership(user_id=user.id, area_id=AreaCode.parse(VILLAGE).id, role="village_head"))
        db.session.commit()


def test_the_letter_says_who_why_and_for_whom(head_of_village: None, village, desk) -> None:
    person = make_person(village.id, "Aminah", birth_place="Bogor", occupation="Buruh tani", religion="Islam")
    letter = desk.letter(desk.at(village, "issued", person))
    text = text_of(letter)
    for words in (
        "SURAT KETERANGAN TIDAK MAMPU",
        f"Nomor: {letter.reference}",
        "DESA CIBADAK",
        "Aminah",
        person.nik,
        "Bogor, 15 Juli 1990",
        "Buruh harian, tiga anak.",
        "Pendidikan (sekolah, KIP, keringanan biaya)",
        "SDN Cibadak 01",
        "Kepala Desa Cibadak",
        "H. Ohim Suherman",
    ):
        assert words in text, words


def test_without_exactly_one_head_the_line_is_left_to_the_pen(village, desk) -> None:
    assert "Kepala Desa Cibadak" in text_of(desk.letter(desk.at(village, "issued")))


def test_hostile_text_is_set_letter_by_letter(village, desk) -> None:
    person = make_person(village.id, "Siti #emph[x] *A*")
    letter = desk.letter(desk.at(village, "issued", person, reason=HOSTILE, addressee="= Judul"))
    squeezed = text_of(letter).replace(" ", "")
    for words in (HOSTILE, "Siti #emph[x] *A*", "= Judul"):
        assert words.replace(" ", "") in squeezed


def test_what_no_font_has_stands_as_a_question_mark(village, desk) -> None:
    letter = desk.letter(desk.at(village, "issued", reason="Sakit 🙂👪, ditulis 日本 di formulir é"))
    assert "Sakit??,ditulis??diformuliré" in text_of(letter).replace(" ", "").replace("\n", "")


def test_a_very_long_text_becomes_a_second_page_and_no_error(village, desk) -> None:
    letter = desk.letter(desk.at(village, "issued", reason="panjang " * 900))
    assert len(pdf_of(letter).pages) > 1


def test_the_pdf_is_tagged_titled_and_in_indonesian(village, desk) -> None:
    letter = desk.letter(desk.at(village, "issued"))
    reader = pdf_of(letter)
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"].startswith("id")
    assert reader.metadata
    assert letter.reference in (reader.metadata.title or "")


def test_the_address_of_the_qr_code_is_printed_too_and_answers(app: Flask, areas: None, desk) -> None:
    with at(app, VILLAGE) as area:
        letter = desk.letter(desk.at(area, "signed"))
        squeezed = "".join("".join(page.extract_text() for page in pdf_of(letter).pages).split())
        commit()
    found = re.search(rf"http://localhost(/{re.escape(VILLAGE)}/verify/[\w-]{{32}})", squeezed)
    assert found
    answer = app.test_client().get(found[1])
    assert answer.status_code == 200
    assert "Surat ini berlaku." in answer.text


def test_a_letter_is_indonesian_whatever_the_clerks_language(app: Flask, areas: None, desk) -> None:
    with at(app, VILLAGE) as area:
        g.language = "en"
        letter = desk.letter(desk.at(area, "issued"))
        assert letter.subject.startswith("Surat Keterangan Tidak Mampu – ")
        assert letter.data["answers"]["purpose"].startswith("Pendidikan")
        with in_indonesian():
            assert g.language == "id"
        assert g.language == "en"


def test_the_letter_keeps_what_it_said_when_the_answers_change(village, desk) -> None:
    case = desk.at(village, "issued")
    progress.save_answers(village, case, desk.service, progress.Edit({"addressee": "SDN Lain"}, "", "normal"))
    assert desk.letter(case).data["answers"]["addressee"] == "SDN Cibadak 01"


def test_it_holds_for_the_days_that_the_rules_give(village, desk) -> None:
    letter = desk.letter(desk.at(village, "signed"))
    assert letter.valid_until == letter.issued_on + timedelta(days=30)
    states = {day: letters.letter_state(letter, letter.issued_on + timedelta(days=day)) for day in (0, 30, 31)}
    assert states == {0: "valid", 30: "valid", 31: "expired"}


# ---- signed, revoked, replaced ----


def test_a_letter_holds_once_it_is_signed(village, desk) -> None:
    case = desk.at(village, "issued")
    letter = desk.letter(case)
    assert letters.letter_state(letter, today()) == "unsigned"
    letters.sign_letter(case, letter)
    assert letters.letter_state(letter, today()) == "valid"
    assert letter.signer_name == "uji"
    with pytest.raises(CaseError, match="sudah ditandatangani"):
        letters.sign_letter(case, letter)


def test_a_revoked_letter_keeps_its_number_and_its_replacement_gets_the_next(village, desk) -> None:
    case = desk.at(village, "signed")
    first = desk.letter(case)
    letters.revoke_letter(case, first, " Nama sekolah salah ")
    assert letters.letter_state(first, today()) == "revoked"
    assert first.revoked_reason == "Nama sekolah salah"
    second = desk.issue(village, case)
    assert (first.number, second.number) == (1, 2)
    assert first.token != second.token
    for act in (lambda: letters.sign_letter(case, first), lambda: letters.revoke_letter(case, first, "lagi")):
        with pytest.raises(CaseError, match="sudah dicabut"):
            act()


def test_after_its_letter_was_revoked_a_case_waits_for_a_new_signature(village, desk) -> None:
    case = desk.at(village, "signed")
    letters.revoke_letter(case, desk.letter(case), "salah")
    with pytest.raises(CaseError, match="belum ditandatangani"):
        desk.step(village, case, "finish")
    desk.issue(village, case)
    letters.sign_letter(case, desk.letter(case))
    desk.step(village, case, "finish")
    assert case.state == "done"


def test_a_mistake_that_shows_after_the_handing_over_is_revoked_and_replaced(village, desk) -> None:
    case = desk.at(village, "done")
    letters.revoke_letter(case, desk.letter(case), "NIK salah")
    desk.step(village, case, "correct")
    assert desk.issue(village, case).number == 2


def test_a_closed_case_is_not_signed_any_more(village, desk) -> None:
    case = desk.at(village, "issued")
    letter = desk.letter(case)
    letters.revoke_letter(case, letter, "warga membatalkan")
    desk.step(village, case, "cancel")
    with pytest.raises(CaseError, match="sudah ditutup"):
        letters.sign_letter(case, letter)


def test_a_letter_is_revoked_only_with_a_reason(app: Flask, areas: None, desk, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        case = desk.at(area, "signed")
        case_id, letter_id = case.id, desk.letter(case).id
        desk.save(case)
    head = sign_in("village_head")
    url = f"/{VILLAGE}/cases/{case_id}/letters/{letter_id}/revoke"
    assert "tidak dapat diurungkan" in head.get(url).text
    answer = head.post(url, data={"reason": "  "})
    assert answer.status_code == 422
    assert re.search(r'id="reason-error">.*Tulis alasan pencabutan', answer.text, re.DOTALL)
    assert head.post(url, data={"reason": "Nama salah"}).status_code == 302
    assert head.post(url, data={"reason": "Nama salah"}).status_code == 422
    with at(app, VILLAGE):
        assert db.session.query(LetterRecord).one().revoked_reason == "Nama salah"


@pytest.mark.parametrize(
    ("role", "state", "sign", "revoke"),
    [
        ("village_staff", "issued", 403, 302),
        ("village_staff", "signed", 403, 403),
        ("village_head", "issued", 302, 302),
        ("village_head", "signed", 422, 302),
        ("field_worker", "issued", 403, 403),
    ],
)
def test_the_desk_withdraws_a_misprint_but_only_the_head_a_signed_letter(
    app: Flask, areas: None, desk, sign_in: SignInAs, role: str, state: str, sign: int, revoke: int
) -> None:
    with at(app, VILLAGE) as area:
        case = desk.at(area, state)
        url = f"/{VILLAGE}/cases/{case.id}/letters/{desk.letter(case).id}"
        desk.save(case)
    client = sign_in(role)
    assert client.post(f"{url}/sign").status_code == sign
    assert client.post(f"{url}/revoke", data={"reason": "salah cetak"}).status_code == revoke


def test_a_letter_is_signed_and_revoked_only_through_its_own_case(
    app: Flask, areas: None, desk, sign_in: SignInAs
) -> None:
    with at(app, VILLAGE) as area:
        case, other = desk.at(area, "issued"), desk.at(area, "issued")
        url = f"/{VILLAGE}/cases/{other.id}/letters/{desk.letter(case).id}"
        commit()
        with pytest.raises(CaseError, match="bukan milik kasus ini"):
            letters.sign_letter(other, desk.letter(case))
        db.session.rollback()
    head = sign_in("village_head")
    assert head.post(f"{url}/sign").status_code == 404
    assert head.post(f"{url}/revoke", data={"reason": "x"}).status_code == 404


def test_a_pdf_that_is_gone_from_the_disk_is_told_and_not_an_error(
    app: Flask, areas: None, desk, sign_in: SignInAs
) -> None:
    with at(app, VILLAGE) as area:
        letter = desk.letter(desk.at(area, "signed"))
        letter_id, path = letter.id, FileStore(platform().config.files_dir, area.id).path(letter.sha256)
        commit()
    staff = sign_in("village_staff")
    with staff.get(f"/{VILLAGE}/letters/{letter_id}.pdf") as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "application/pdf"
        assert answer.data.startswith(b"%PDF-")
    path.unlink()
    answer = staff.get(f"/{VILLAGE}/letters/{letter_id}.pdf")
    assert answer.status_code == 404
    assert "tidak ada lagi di penyimpanan" in answer.text


# ---- the register ----


def test_the_register_lists_every_number_of_the_year_once_revoked_ones_too(
    app: Flask, areas: None, desk, sign_in: SignInAs
) -> None:
    with at(app, VILLAGE) as area:
        case = desk.at(area, "signed", make_person(area.id, "Aminah"))
        letters.revoke_letter(case, desk.letter(case), "salah")
        desk.issue(area, case)
        desk.at(area, "issued", make_person(area.id, "Dedi 100%"))
        commit()
    staff = sign_in("village_staff")
    page = staff.get(f"/{VILLAGE}/letters").text
    assert re.findall(r"460/(\d{3})/CBD", page) == ["003", "002", "001"]
    assert page.count("dicabut") == 1
    found = staff.get(f"/{VILLAGE}/letters?q=100%25").text
    assert re.findall(r"460/(\d{3})/CBD", found) == ["003"]
    assert re.findall(r"460/(\d{3})/CBD", staff.get(f"/{VILLAGE}/letters?year=2001").text) == []


@pytest.mark.parametrize("query", ["year=999999999999", "year=-1", "year=x", "after=xx", "after=WyJhIl0", "q=%25_\\"])
def test_a_damaged_address_of_the_register_is_no_error(sign_in: SignInAs, query: str) -> None:
    assert sign_in("village_staff").get(f"/{VILLAGE}/letters?{query}").status_code == 200


def fill_register(area: CurrentArea, case: Case, many: int) -> None:
    for number in range(1, many + 1):
        db.session.add(
            LetterRecord(
                village_id=area.id,
                case_id=case.id,
                key="statement",
                year=2026,
                number=number,
                reference=f"460/{number:03d}",
                subject="Surat",
                token=f"t{number}",
                sha256="0" * 64,
                issued_on=date(2026, 1, 1),
            )
        )
    db.session.flush()


def test_the_register_is_paged_without_gaps_or_repeats(village, desk) -> None:
    fill_register(village, desk.at(village, "approved"), 60)
    seen: list[int] = []
    cursor = None
    while True:
        page, years = register_page(village.id, 2026, cursor=cursor)
        seen += [row.letter.number for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert seen == list(range(60, 0, -1))
    assert years == [2026]


def test_what_waits_for_a_signature_is_found_from_the_heads_first_page(
    app: Flask, areas: None, desk, sign_in: SignInAs
) -> None:
    with at(app, VILLAGE) as area:
        waiting = desk.letter(desk.at(area, "issued"))
        waiting.year = 2025  # of whatever year
        signed = desk.letter(desk.at(area, "signed"))
        addresses = [f"/{VILLAGE}/letters/{letter.id}.pdf" for letter in (waiting, signed)]
        commit()
    head, link = sign_in("village_head"), f"/{VILLAGE}/letters?which=unsigned"
    assert link in head.get(f"/{VILLAGE}/").text
    assert link not in sign_in("village_staff").get(f"/{VILLAGE}/").text
    page = head.get(link).text
    assert [address in page for address in addresses] == [True, False]
    with at(app, VILLAGE):
        for letter in db.session.scalars(select(LetterRecord).where(LetterRecord.signed_at.is_(None))):
            letter.revoked_at = now()
        commit()
    assert "Semua surat sudah ditandatangani" in head.get(link).text
    assert link not in head.get(f"/{VILLAGE}/").text


def test_on_paper_the_register_holds_the_whole_year_by_number(app: Flask, areas: None, desk, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        fill_register(area, desk.at(area, "approved"), 60)
        commit()
    staff = sign_in("village_staff")
    assert f"/{VILLAGE}/letters/print?year=2026" in staff.get(f"/{VILLAGE}/letters?year=2026").text
    page = staff.get(f"/{VILLAGE}/letters/print?year=2026").text
    assert re.findall(r"460/(\d{3})", page) == [f"{number:03d}" for number in range(1, 61)]
    assert "Belum ada surat" in staff.get(f"/{VILLAGE}/letters/print?year=2025").text
    assert sign_in("field_worker").get(f"/{VILLAGE}/letters/print").status_code == 403


def test_two_applications_in_one_process_set_each_its_own_template(village, desk, tmp_path: Path) -> None:
    before = text_of(desk.letter(desk.at(village, "issued")))
    other = tmp_path / "letter.typ"
    other.write_text('#import "letterhead.typ": letter, data\n#show: letter\nIsi lain')
    with patch.object(type(platform().plugins), "template_file", return_value=other):
        assert "Isi lain" in text_of(desk.letter(desk.at(village, "issued")))
    assert text_of(desk.letter(desk.at(village, "issued"))).count("Isi lain") == before.count("Isi lain") == 0


def test_unsigned_letters_wait_in_the_order_of_their_numbers(village, desk) -> None:
    waiting = [desk.letter(desk.at(village, "issued")).reference for _ in range(2)]
    desk.at(village, "signed")
    assert [row.letter.reference for row in unsigned_letters(village.id, "sktm.letter")] == waiting


def test_a_qr_code_that_a_page_makes_smaller_is_still_whole() -> None:
    for text in ("pendek", "https://puskesos.example/32.01.15.2008/" + "x" * 150):
        svg = qr_svg(text)
        size = re.search(r'width="(\d+)px"', svg)
        assert size
        assert f'viewBox="0 0 {size[1]} {size[1]}"' in svg
