"""From the letter over nomination, activation and decree to the money, with warnings before the deadline."""

import re
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from pypdf import PdfReader

from core.api import Case, Person, commit, db
from core.testing import VILLAGE, Clock, at
from plugins.pip.aid import aid_of
from plugins.pip.rulebook import school_rules
from plugins.pip.services import college_aid, school_aid

from .conftest import Desk

school_now = school_rules.all[-1]


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def has_letter(desk: Desk, case: str) -> str:
    """The letter as it is printed."""
    desk.take(case, "handle")
    letter = desk.print_letter(case)
    with desk.staff.get(f"/{VILLAGE}/letters/{letter}.pdf") as pdf:
        assert pdf.status_code == 200
        return " ".join(PdfReader(BytesIO(pdf.data)).pages[0].extract_text().split())


# ---- the letter ----


def test_the_letter_says_who_where_and_why_and_promises_nothing(desk: Desk) -> None:
    letter = has_letter(desk, desk.open_case(decile=3, grounds=["kip", "orphan"]))
    for words in (
        "Kepala SMPN 1 Ciampea",
        "Dewi Lestari",
        "0123456789",
        "Kelas 8 SMP, MTs, atau Paket B",
        "Pemegang KIP, Yatim, piatu, atau tinggal di panti",
        "bukan bukti penerimaan",
    ):
        assert words in letter


def test_what_is_not_known_is_left_out_of_the_letter(desk: Desk) -> None:
    letter = has_letter(desk, desk.open_case(nisn="", grounds=[]))
    assert "NISN" not in letter
    assert "Desil" not in letter
    assert "Keadaan sekolah" in letter


@pytest.mark.parametrize(
    ("college", "addressee"), [("Universitas Contoh", "Pimpinan Universitas Contoh"), ("", "Pengelola KIP Kuliah")]
)
def test_the_letter_for_a_college_goes_to_it_where_it_is_known(desk: Desk, college: str, addressee: str) -> None:
    assert addressee in has_letter(desk, desk.open_case(college_aid, college=college, admission="applying"))


def test_nothing_is_sent_before_the_letter_is_signed(desk: Desk) -> None:
    case = desk.open_case()
    desk.take(case, "handle")
    assert "Buat suratnya" in desk.page(case)
    letter = desk.print_letter(case)
    assert "Menunggu tanda tangan" in desk.page(case)
    assert "belum ditandatangani" in desk.step(case, "send").text
    desk.sign_letter(case, letter)
    desk.take(case, "send")
    assert desk.case(case).state == "sent"


def test_nobody_who_has_moved_away_is_proposed(desk: Desk) -> None:
    case = desk.open_case()
    desk.take(case, "handle")
    desk.sign_letter(case, desk.print_letter(case))
    with at(desk.app, VILLAGE):
        db.session.query(Person).one().life_status = "moved"
        commit()
    answer = desk.step(case, "send")
    assert answer.status_code == 422
    assert "sudah meninggal atau pindah" in answer.text


# ---- the way to the money ----


def test_from_the_nomination_to_the_family_that_was_told(desk: Desk) -> None:
    case = desk.open_case()
    desk.send(case)
    desk.nominate(case, days_left=40)
    desk.take(case, "account_activated", "decreed")
    desk.take(case, "approve", outcome="Rp750.000 masuk rekening")
    assert desk.case(case).state == "approved"
    desk.take(case, "tell", how="phone")
    closed = desk.case(case)
    assert closed.state == "done"
    assert closed.closed_at


def test_who_has_an_account_already_goes_straight_to_the_decree(desk: Desk) -> None:
    case = desk.open_case()
    desk.send(case)
    desk.take(case, "decreed")
    assert desk.case(case).state == "decreed"


def test_a_deadline_that_was_missed_ends_in_a_refusal_with_its_reason(desk: Desk) -> None:
    case = desk.open_case()
    desk.send(case)
    desk.nominate(case, days_left=0)
    desk.take(case, "reject", outcome="Rekening tidak diaktifkan sampai batasnya")
    desk.take(case, "tell_rejected", how="visit")
    assert desk.case(case).state == "refused"


def test_a_college_verifies_and_decides(desk: Desk) -> None:
    case = desk.open_case(college_aid)
    desk.send(case)
    desk.take(case, "verified", "decreed")
    desk.take(case, "approve", outcome="Ditetapkan")
    desk.take(case, "tell", how="desk")
    assert desk.case(case).state == "done"


# ---- the deadline ----


def test_the_nomination_asks_until_when_the_account_can_be_activated(desk: Desk) -> None:
    case = desk.open_case()
    desk.send(case)
    assert "Batas aktivasi rekening" in desk.staff.get(desk.url(case, "step", "nominated")).text
    assert desk.step(case, "nominated").status_code == 422
    last_day = desk.nominate(case, days_left=20)
    assert (desk.case(case).due_on, desk.case(case).waiting) == (last_day, False)


def test_the_case_says_what_to_take_to_which_bank(desk: Desk) -> None:
    case = desk.open_case(grade="11")
    desk.send(case)
    assert "Bawa ke bank" not in desk.page(case)
    desk.nominate(case, days_left=20)
    page = text(desk.page(case))
    assert "Ingatkan dan dampingi warga: Batas aktivasi rekening" in page
    assert "Bawa ke bank BNI" in page
    assert "Rp1.800.000 setahun penuh" in page
    assert "belum berarti menerima" in page


@pytest.mark.parametrize(("days_left", "warned"), [(school_now.warn_days, True), (school_now.warn_days + 1, False)])
def test_the_first_page_warns_before_the_deadline(desk: Desk, days_left: int, warned: bool) -> None:
    case = desk.open_case()
    desk.send(case)
    desk.nominate(case, days_left=days_left)
    assert ("batas aktivasi rekening" in desk.home()) is warned


def test_it_still_warns_when_the_day_has_passed_and_no_more_when_the_account_is_active(desk: Desk) -> None:
    case = desk.open_case()
    desk.send(case)
    desk.nominate(case, days_left=5)
    assert "Beri tahu keluarga hari ini" in desk.page(case)
    desk.turn_back(case, due=2)
    assert "2 hari lewat" in desk.home()
    assert "Batasnya sudah lewat" in desk.page(case)
    desk.take(case, "account_activated")
    assert "batas aktivasi rekening" not in desk.home()


def test_a_deadline_that_was_extended_is_taken_down(desk: Desk) -> None:
    case = desk.open_case()
    desk.send(case)
    desk.nominate(case, days_left=3)
    later = desk.today() + timedelta(days=90)
    desk.take(case, "nominated_later", deadline=later.isoformat(), note="Diperpanjang, SK perubahan.")
    assert desk.case(case).due_on == later
    assert "batas aktivasi rekening" not in desk.home()


def test_the_resident_reads_the_deadline_on_the_status_page(desk: Desk) -> None:
    case = desk.open_case()
    desk.send(case)
    desk.nominate(case, days_left=20)
    with at(desk.app, VILLAGE):
        found = db.session.query(Case).one()
        asked = {"ticket": found.ticket, "digits": f"{found.person.nik}"[-4:]}
    status = desk.app.test_client().post(f"/{VILLAGE}/status", data=asked)
    assert "Batas aktivasi rekening" in status.text
    assert "Dijanjikan selesai" not in status.text


def test_a_school_that_does_not_answer_raises_the_alarm(desk: Desk) -> None:
    case = desk.open_case()
    desk.send(case)
    assert "tanpa kabar" not in desk.home()
    desk.turn_back(case, due=1, since=school_now.stale_days + 1)
    assert f"{school_now.stale_days + 1} hari tanpa kabar" in desk.home()


# ---- beside the resident, and before anybody asks ----


def test_a_childs_page_shows_what_was_proposed(desk: Desk) -> None:
    case = desk.case(desk.open_case())
    page = text(desk.staff.get(f"/{VILLAGE}/people/{case.person_id}").text)
    assert "Bantuan sekolah Sekolah SMPN 1 Ciampea Tingkat Kelas 8 SMP, MTs, atau Paket B NISN 0123456789" in page
    assert f"{case.ticket} Pendaftaran · sejak" in page
    assert "Bantuan sekolah" not in desk.staff.get(f"/{VILLAGE}/people/{desk.make_person('Asep')}").text


def test_screening_offers_it_for_the_child_with_what_to_ask(desk: Desk) -> None:
    page = text(desk.staff.get(f"/{VILLAGE}/cases/new?person={desk.make_person()}").text)
    assert str(school_aid.title) in page
    assert "Tanyakan apakah anak bersekolah" in page


def test_a_pupils_aid_is_expected_then_decided_then_paid(desk: Desk) -> None:
    """An amount stands only beside the estimate: what came is told in words."""
    case = desk.open_case()
    said = [aid_in(desk, case)]
    desk.send(case)
    desk.nominate(case, days_left=40)
    said.append(aid_in(desk, case))
    desk.take(case, "account_activated", "decreed")
    said.append(aid_in(desk, case))
    desk.take(case, "approve", outcome="Rp750.000 masuk rekening")
    said.append(aid_in(desk, case))
    assert said == [[], [("expected", 750_000)], [("decided", None)], [("paid", None)]]


def test_money_that_came_before_seven_came_on_the_villages_day(desk: Desk, clock: Clock) -> None:
    """At one in the night in Cibadak it is yesterday at Greenwich."""
    clock.move(hours=-9)
    case = desk.open_case()
    with at(desk.app, VILLAGE) as area:
        found = db.session.get_one(Case, (area.id, UUID(case)))
        found.state, found.state_since = "approved", clock.moment
        assert [aid.first_day for aid in aid_of(area, [found.person_id])] == [date(2026, 11, 12)]


def aid_in(desk: Desk, case: str) -> list[tuple[str, int | None]]:
    with at(desk.app, VILLAGE) as area:
        found = db.session.get_one(Case, (area.id, UUID(case)))
        return [(aid.state, aid.amount) for aid in aid_of(area, [found.person_id])]
