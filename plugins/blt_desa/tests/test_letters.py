"""The papers of a meeting as they lie on the table: minutes, decree, attendance, notice; signed, checked, revoked."""

import re

import pytest
from sqlalchemy import text

from core.api import db
from core.testing import SIBLING, VILLAGE, SignInAs, at, switch_off
from core.testing.reading import words

from .conftest import Musdes, url

NIK = "3201155507900001"
MASKED = "3201 •••• •••• 0001"
REGISTER = f"/{VILLAGE}/letters"


def test_the_minutes_say_who_sat_there_and_what_was_decided(closed: Musdes) -> None:
    said = closed.letter(closed.issue("minutes"))
    for part in (
        "BERITA ACARA MUSYAWARAH DESA KHUSUS",
        "pukul 09.00, bertempat di Balai Desa Cibadak",
        "yang dihadiri 4 orang",
        "Pembahasan calon",
        "Diterima musdes: 2 keluarga",
        "Enok Sumarni",
        "Cadangan: 1 keluarga",
        "Tidak diterima: 1 keluarga",
        "Sudah mampu",
        "Rp300.000 sebulan",
        "Perwakilan perempuan",
        "Kokom Rohaeti",
    ):
        assert part in said, part
    assert re.search(r"Nomor: 460/001/CBD/[IVX]+/\d{4}", said)
    assert NIK not in said


def test_the_decree_names_the_families_in_their_order_with_masked_nik(closed: Musdes) -> None:
    closed.issue("minutes")
    said = closed.letter(closed.issue("decree"))
    assert "PENETAPAN KELUARGA PENERIMA BANTUAN LANGSUNG TUNAI" in said
    assert re.search(r"Berita Acara nomor 460/001/CBD", said)
    assert "Mengingat: Permendesa PDT 16/2025" in said
    assert "2 keluarga dalam lampiran" in said
    assert "seluruhnya Rp1.200.000 untuk setiap keluarga" in said
    assert said.index("Enok Sumarni") < said.index("Cucu Cahyati") < said.index("Daftar cadangan")
    assert "Maman Suparman" not in said
    assert MASKED in said
    assert NIK not in said
    assert "RT 002/RW 005" in said


def test_a_letter_stands_in_the_register_and_leads_back_to_its_meeting(closed: Musdes) -> None:
    closed.issue("minutes")
    page = closed.staff.get(REGISTER).text
    assert "Berita Acara Musyawarah Desa Khusus – BLT Dana Desa" in page
    assert "belum ditandatangani" in page
    assert f"/{VILLAGE}/meetings/{closed.id}#letters" in page


def test_where_the_module_is_off_the_register_still_leads_to_its_letters(closed: Musdes) -> None:
    letter = closed.issue("minutes")
    switch_off(closed.app, "blt_desa")
    page = closed.staff.get(REGISTER).text
    assert "Berita Acara" in page
    assert "/blt_desa/" not in page
    assert "BERITA ACARA" in closed.letter(letter)


def test_whoever_holds_the_paper_can_check_it(closed: Musdes) -> None:
    closed.minutes()
    letter = closed.issue("decree")
    with at(closed.app, VILLAGE):
        token = db.session.scalar(text("SELECT token FROM letters WHERE key = 'decree'"))
    check = closed.app.test_client()
    address = f"/{VILLAGE}/verify/{token}"
    assert "belum ditandatangani" in check.get(address).text
    closed.sign(letter)
    page = check.get(address).text
    assert "Surat ini berlaku." in page
    assert "Keputusan Kepala Desa – BLT Dana Desa" in page
    assert "Enok" not in page


def test_the_signature_under_the_decree_gives_each_accepted_family_its_months(closed: Musdes) -> None:
    closed.minutes()
    letter = closed.issue("decree")
    assert closed.states()["Enok Sumarni"] == "accepted"
    answer = closed.sign(letter)
    assert answer.status_code == 302
    assert url("decrees", closed.decree_id()) in closed.staff.get(closed.case_url("Enok Sumarni")).text
    assert closed.states() == {
        "Enok Sumarni": "receiving",
        "Cucu Cahyati": "receiving",
        "Odah Saodah": "reserve",
        "Maman Suparman": "not_chosen",
    }
    assert "SK 460/002/CBD" in closed.staff.get(closed.case_url("Enok Sumarni")).text
    assert closed.sign(letter).status_code == 422, "signed before"


def test_the_signature_under_the_minutes_moves_nobody(closed: Musdes) -> None:
    assert closed.sign(closed.issue("minutes")).status_code == 302
    assert closed.state("Enok Sumarni") == "accepted"


def test_a_letter_is_made_once_and_only_of_a_closed_meeting(musdes: Musdes) -> None:
    musdes.family("Enok")
    musdes.call("Enok")
    answer = musdes.post("issue", "meetings", "minutes")
    assert answer.status_code == 422
    assert "Suratnya dapat dibuat setelah musdes ditutup." in answer.text
    musdes.attend()
    musdes.decide(Enok="reserve")
    musdes.close()
    musdes.issue("minutes")
    assert "Surat ini sudah dibuat." in musdes.post("issue", "meetings", "minutes", version=musdes.version()).text
    nobody = musdes.post("issue", "blt_desa", "decree", version=musdes.version())
    assert "Tidak ada keluarga yang diterima" in nobody.text
    assert musdes.post("issue", "blt_desa", "praise", version=musdes.version()).status_code == 404


def test_the_decree_waits_for_the_minutes(closed: Musdes) -> None:
    early = closed.post("issue", "blt_desa", "decree", version=closed.version())
    assert early.status_code == 422
    assert "Buat dulu berita acaranya" in early.text
    minutes = closed.issue("minutes")
    decree = closed.issue("decree")
    refused = closed.sign(decree)
    assert refused.status_code == 422
    assert "Tanda tangani dulu berita acaranya" in refused.text
    assert closed.state("Enok Sumarni") == "accepted"
    closed.sign(minutes)
    assert closed.sign(decree).status_code == 302
    assert closed.state("Enok Sumarni") == "receiving"


# ---- taken back ----


def revoke(musdes: Musdes, letter: str, reason: str = "Nama salah tulis"):
    return musdes.post("letters", letter, "revoke", client=musdes.head, version=musdes.version(), reason=reason)


def test_a_revoked_decree_takes_the_months_back_and_a_new_one_gives_them_again(decreed: Musdes) -> None:
    _minutes, letter = letter_ids(decreed)
    assert revoke(decreed, letter, "").status_code == 422
    assert revoke(decreed, letter).status_code == 302
    assert decreed.state("Enok Sumarni") == "accepted"
    assert "Belum ada yang dibayar" in decreed.payments()
    decreed.decree()
    assert decreed.state("Enok Sumarni") == "receiving"
    assert "460/003/CBD" in decreed.payments()


def letter_ids(musdes: Musdes) -> list[str]:
    with at(musdes.app, VILLAGE):
        return [str(found) for found in db.session.scalars(text("SELECT id FROM letters ORDER BY number"))]


def test_after_the_letters_were_revoked_the_meeting_can_be_opened_again(decreed: Musdes) -> None:
    minutes, letter = letter_ids(decreed)
    refused = decreed.post("reopen", client=decreed.head, version=decreed.version(), reason="x")
    assert refused.status_code == 422
    early = revoke(decreed, minutes)
    assert early.status_code == 422
    assert "Cabut dulu surat yang didasarkan pada berita acara ini: 460/002/CBD" in early.text
    revoke(decreed, letter)
    revoke(decreed, minutes)
    answer = decreed.post("reopen", client=decreed.head, version=decreed.version(), reason="Ada keberatan")
    assert answer.status_code == 302
    assert set(decreed.states().values()) == {"candidate"}


def test_a_decree_under_which_was_paid_is_not_revoked(decreed: Musdes) -> None:
    assert decreed.pay("Enok Sumarni", [1]).status_code == 302
    answer = revoke(decreed, letter_ids(decreed)[1])
    assert answer.status_code == 422
    assert "Sudah ada pembayaran atas SK ini." in answer.text
    assert decreed.state("Enok Sumarni") == "receiving"


def test_the_desk_withdraws_a_misprint_but_only_the_head_a_signed_letter(closed: Musdes) -> None:
    letter = closed.issue("minutes")
    closed.sign(letter)
    address = url("meetings", closed.id, "letters", letter, "revoke")
    assert closed.staff.get(address).status_code == 403
    assert closed.head.get(address).status_code == 200
    assert closed.staff.post(url("meetings", closed.id, "letters", letter, "sign")).status_code == 403


def test_a_letter_is_reached_only_through_its_own_meeting_and_village(closed: Musdes, sign_in: SignInAs) -> None:
    letter = closed.issue("minutes")
    meeting = closed.id
    closed.call()
    assert closed.post("letters", letter, "sign", client=closed.head).status_code == 404
    neighbour = sign_in("village_head", SIBLING)
    assert neighbour.get(f"/{SIBLING}/letters/{letter}.pdf").status_code == 404
    closed.id = meeting
    assert closed.sign(letter).status_code == 302


# ---- papers without a number ----


def test_the_attendance_list_has_lines_to_sign_on(musdes: Musdes) -> None:
    musdes.call()
    empty = words(musdes.staff.get(url("meetings", musdes.id, "attendance.pdf")))
    assert "DAFTAR HADIR MUSYAWARAH DESA KHUSUS" in empty
    assert "Tanda tangan" in empty
    musdes.attend("Iis Aisyah; Perwakilan perempuan")
    assert "Iis Aisyah" in words(musdes.staff.get(url("meetings", musdes.id, "attendance.pdf")))


def test_the_public_notice_has_names_and_rt_rw_and_no_nik(decreed: Musdes) -> None:
    page = decreed.page("notice")
    printed = words(decreed.staff.get(url("meetings", decreed.id, "notice.pdf")))
    for said in (page, printed):
        for part in ("Enok Sumarni", "Cucu Cahyati", "Odah Saodah", "RT 002/RW 005", "460/002/CBD"):
            assert part in said
        assert "Maman Suparman" not in said
    for secret in (NIK, MASKED, NIK[:4] + " ", "••••"):
        assert secret not in printed
        assert secret not in page.partition("<main")[2]


def test_nothing_is_announced_before_the_signature(closed: Musdes) -> None:
    for page in ("notice", "notice.pdf"):
        answer = closed.staff.get(url("meetings", closed.id, page))
        assert answer.status_code == 422
        assert "Pengumuman dibuat setelah SK atau surat programnya ditandatangani kepala desa." in answer.text


@pytest.mark.parametrize("name", ['#panic("x") *tebal*', "Neng @Sri \\ $1$ <script>", "[kurung] // bukan komentar"])
def test_what_was_typed_is_set_letter_by_letter(musdes: Musdes, name: str) -> None:
    musdes.family(name)
    musdes.call(name, leader="O'Neil & *Anak*")
    musdes.attend()
    musdes.post("decisions", **musdes.decisions(**{name.split(maxsplit=1)[0]: "accepted"}))
    musdes.close()
    musdes.minutes()
    said = musdes.letter(musdes.issue("decree"))
    assert " ".join(name.split()) in said


def test_the_papers_are_indonesian_whatever_the_clerk_reads(closed: Musdes) -> None:
    closed.staff.get("/language/en")
    said = closed.letter(closed.issue("minutes"))
    assert "Perwakilan perempuan" in said
    assert "BERITA ACARA" in said
