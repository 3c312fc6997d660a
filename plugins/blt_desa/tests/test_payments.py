"""Months and money: paid, over the cap, by proxy, taken back, not fetched; leaving and following; the case's end."""

import re
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.api import Case, area_today, db
from core.testing import SIBLING, VILLAGE, SignInAs, at
from core.testing.reading import words
from plugins.blt_desa.aid import aid_of

from .conftest import Musdes, url

NIK = "3201155507900001"


def payment_of(musdes: Musdes) -> str:
    with at(musdes.app, VILLAGE):
        return str(db.session.scalar(text("SELECT id FROM blt_desa_payments ORDER BY created_at DESC LIMIT 1")))


def test_before_the_decree_there_is_nothing_to_pay(closed: Musdes) -> None:
    assert "Belum ada SK penerima BLT" in closed.staff.get(url("")).text


def test_families_stand_against_months_with_what_is_due(decreed: Musdes) -> None:
    page = decreed.payments()
    assert page.index("Enok Sumarni") < page.index("Cucu Cahyati")
    assert "Belum mengambil" in page
    assert "Rp0" in page


def test_a_payment_is_written_down_with_its_receipt(decreed: Musdes) -> None:
    answer = decreed.pay("Enok Sumarni", [1, 2], received_by="Dadang (suami)")
    assert answer.status_code == 302
    page = decreed.staff.get(answer.location).text
    for part in ("Januari, Februari", "Rp600.000", "Dadang (suami)", "Petugas"):
        assert part in page
    receipt = words(decreed.staff.get(f"{answer.location}.pdf"))
    for part in ("TANDA TERIMA BLT DANA DESA", "Januari, Februari", "Rp600.000", "SK kepala desa", "460/002/CBD"):
        assert part in receipt
    assert NIK not in receipt
    assert "Rp600.000" in decreed.payments()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"months": []}, "Pilih sedikitnya satu bulan."),
        ({"paid_on": "2999-01-01"}, "Tanggal ini belum tiba."),
        ({"received_as": "proxy"}, "Tulis tanggal atau nomor surat kuasanya."),
        ({"amount": "200000"}, "Rp200.000, padahal menurut SK Rp300.000."),
    ],
)
def test_what_is_missing_is_told_and_nothing_is_lost(decreed: Musdes, changed: dict, told: str) -> None:
    answer = decreed.pay("Enok Sumarni", [1], **{"handed_by": "Ibu Bendahara", **changed})
    assert answer.status_code == 422
    assert told in answer.text
    assert "Ibu Bendahara" in answer.text


def test_more_months_than_the_rule_allows_at_once_need_a_reason_and_no_more(decreed: Musdes) -> None:
    answer = decreed.pay("Enok Sumarni", [1, 2, 3, 4])
    assert answer.status_code == 422
    assert "4 bulan sekaligus, lebih dari 3 (Permendesa PDT 16/2025)." in answer.text
    answer = decreed.pay("Enok Sumarni", [1, 2, 3, 4], reason="Dana desa baru cair")
    assert answer.status_code == 302
    assert "Dana desa baru cair" in decreed.staff.get(answer.location).text


def test_somebody_with_a_letter_of_authority_may_fetch_it(decreed: Musdes) -> None:
    answer = decreed.pay("Enok Sumarni", [1], received_as="proxy", received_by="Kader Iis", authority="2 Maret 2026")
    receipt = words(decreed.staff.get(f"{answer.location}.pdf"))
    assert "Kader Iis (penerima kuasa)" in receipt
    assert "Surat kuasa : 2 Maret 2026" in receipt


def test_a_month_is_paid_once_also_by_two_at_a_time(decreed: Musdes) -> None:
    recipient, version = decreed.recipient("Enok Sumarni")
    assert decreed.pay("Enok Sumarni", [1]).status_code == 302
    late = decreed.pay("Enok Sumarni", [1, 2], version=version)
    assert late.status_code == 409
    assert "Orang lain baru saja mencatat untuk keluarga ini." in late.text
    again = decreed.pay("Enok Sumarni", [1])
    assert again.status_code == 422
    with at(decreed.app, VILLAGE):
        twice = (
            "INSERT INTO blt_desa_paid_months (village_id, id, payment_id, recipient_id, month)"
            " SELECT village_id, gen_random_uuid(), payment_id, recipient_id, month"
            " FROM blt_desa_paid_months WHERE recipient_id = :recipient"
        )
        with pytest.raises(IntegrityError, match="uq_blt_desa_paid_months"):
            db.session.execute(text(twice), {"recipient": UUID(recipient)})
        db.session.rollback()


def test_a_payment_taken_back_stays_to_be_seen_and_its_month_is_due_again(decreed: Musdes) -> None:
    decreed.pay("Enok Sumarni", [1])
    payment = payment_of(decreed)
    assert decreed.staff.post(url("payments", payment, "reverse"), data={"reason": ""}).status_code == 422
    assert decreed.staff.post(url("payments", payment, "reverse"), data={"reason": "Salah orang"}).status_code == 302
    page = decreed.payments()
    assert "dibatalkan" in page
    assert "Salah orang" in decreed.staff.get(url("payments", payment)).text
    assert "DIBATALKAN: Salah orang" in words(decreed.staff.get(url("payments", f"{payment}.pdf")))
    assert decreed.staff.post(url("payments", payment, "reverse"), data={"reason": "Lagi"}).status_code == 422
    assert decreed.pay("Enok Sumarni", [1]).status_code == 302


def test_the_hand_over_list_of_a_month_has_who_is_to_sign(decreed: Musdes) -> None:
    listed = words(decreed.staff.get(url("decrees", decreed.decree_id(), "handover/2.pdf")))
    for part in ("DAFTAR PENYERAHAN BLT DANA DESA", "Februari", "Enok Sumarni", "Rp600.000", "Tanda tangan"):
        assert part in listed
    assert NIK not in listed
    assert decreed.staff.get(url("decrees", decreed.decree_id(), "handover/9.pdf")).status_code == 404


# ---- the end ----


def test_a_case_is_finished_when_every_month_was_paid(decreed: Musdes) -> None:
    decreed.pay("Enok Sumarni", [1, 2, 3])
    answer = decreed.step(decreed.staff, "Enok Sumarni", "finish")
    assert answer.status_code == 422
    assert "Belum dibayar: April." in answer.text
    decreed.pay("Enok Sumarni", [4])
    assert decreed.step(decreed.staff, "Enok Sumarni", "finish").status_code == 302
    assert decreed.state("Enok Sumarni") == "done"
    refused = decreed.staff.post(url("payments", payment_of(decreed), "reverse"), data={"reason": "x"})
    assert "Kasusnya sudah selesai." in refused.text


def leave(musdes: Musdes, name: str, last_month: int, reserve: str = "", client: FlaskClient | None = None):
    recipient, version = musdes.recipient(name)
    data = {"version": version, "why": "moved", "note": "Ke Bandung", "last_month": last_month, "reserve": reserve}
    return (client or musdes.head).post(url("recipients", recipient, "leave"), data=data)


def test_a_family_that_leaves_is_followed_by_the_reserve_for_the_months_that_remain(decreed: Musdes) -> None:
    decreed.pay("Cucu Cahyati", [1])
    reserve = decreed.candidate_ids()["Odah Saodah"]
    assert leave(decreed, "Cucu Cahyati", 2, reserve).status_code == 302
    assert decreed.state("Cucu Cahyati") == "stopped"
    assert decreed.state("Odah Saodah") == "receiving"
    page = decreed.payments(client=decreed.head)
    assert "berhenti" in page
    assert "pengganti" in page
    assert decreed.pay("Odah Saodah", [2]).status_code == 422, "that month is still the other's"
    assert decreed.pay("Odah Saodah", [3, 4]).status_code == 302
    assert decreed.pay("Cucu Cahyati", [2]).status_code == 302, "what was its right is still paid"
    assert "Menggantikan keluarga Cucu Cahyati" in decreed.staff.get(decreed.case_url("Odah Saodah")).text


def test_leaving_is_undone_until_somebody_follows(decreed: Musdes) -> None:
    leave(decreed, "Cucu Cahyati", 0)
    recipient, version = decreed.recipient("Cucu Cahyati")
    back = decreed.head.post(url("recipients", recipient, "return"), data={"version": version})
    assert back.status_code == 302
    assert decreed.state("Cucu Cahyati") == "receiving"
    leave(decreed, "Cucu Cahyati", 0, decreed.candidate_ids()["Odah Saodah"])
    recipient, version = decreed.recipient("Cucu Cahyati")
    refused = decreed.head.post(url("recipients", recipient, "return"), data={"version": version})
    assert refused.status_code == 422
    assert "Tempatnya sudah diisi keluarga cadangan." in refused.text


def test_months_that_were_paid_are_not_left_behind(decreed: Musdes) -> None:
    decreed.pay("Cucu Cahyati", [1, 2])
    assert leave(decreed, "Cucu Cahyati", 1).status_code == 422
    assert leave(decreed, "Cucu Cahyati", 2).status_code == 302
    assert leave(decreed, "Cucu Cahyati", 2).status_code == 422, "it has left"


def test_only_the_head_replaces_a_family(decreed: Musdes) -> None:
    assert leave(decreed, "Cucu Cahyati", 1, client=decreed.staff).status_code == 403


# ---- on core's pages ----


def test_the_first_page_counts_who_waits_and_what_is_not_fetched(decreed: Musdes) -> None:
    decreed.family("Belum Dibahas")
    assert "Calon menunggu musdes" in decreed.staff.get(f"/{VILLAGE}/").text
    with at(decreed.app, VILLAGE):
        due = min(4, area_today().month)  # of the four months of the decree
    assert unpaid_on_first_page(decreed) == 2 * due
    decreed.pay("Enok Sumarni", [1, 2])
    assert unpaid_on_first_page(decreed) == 2 * due - min(2, due)


def unpaid_on_first_page(musdes: Musdes) -> int:
    page = musdes.staff.get(f"/{VILLAGE}/").text
    found = re.search(r"Bulan yang belum dibayar</a></span><span class=\"tag late\">(\d+)</span>", page)
    assert found
    return int(found[1])


def test_case_and_resident_show_what_was_paid(decreed: Musdes) -> None:
    decreed.pay("Enok Sumarni", [1, 2])
    page = decreed.staff.get(decreed.case_url("Enok Sumarni")).text
    assert "2 dari 4 bulan dibayar" in page
    assert "SK 460/002/CBD" in page
    person = re.search(rf"/{VILLAGE}/people/[0-9a-f-]{{36}}", page)
    assert person
    resident = decreed.staff.get(person[0]).text
    assert "BLT yang diterima" in resident
    assert "2 bulan dibayar" in resident


# ---- the sheet ----


def sheets(client: FlaskClient, musdes: Musdes) -> tuple[Sequence, Sequence]:
    answer = client.get(url("decrees", musdes.decree_id(), "blt-desa.xlsx"))
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    return book.get_sheet_by_index(0).to_python(), book.get_sheet_by_index(1).to_python()


def test_the_sheet_has_families_and_payments_and_is_on_record(decreed: Musdes, sign_in: SignInAs) -> None:
    decreed.pay("Enok Sumarni", [1, 2])
    families, payments = sheets(decreed.staff, decreed)
    assert families[1][:7] == [1.0, "Enok Sumarni", NIK, "RT 002/RW 005", "dibayar", "dibayar", "belum"]
    assert families[1][8] == 600_000
    assert payments[1][1:4] == ["Enok Sumarni", "Januari, Februari", 600_000]
    masked, _payments = sheets(sign_in("kecamatan_supervisor", "32.01.15"), decreed)
    assert masked[1][2] == "3201 •••• •••• 0001"
    with at(decreed.app, VILLAGE):
        query = text("SELECT detail FROM audit_entries WHERE action = 'blt_desa.report_downloaded' ORDER BY at")
        details = [row.detail for row in db.session.execute(query)]
    assert details == [{"families": 2, "full_nik": True}, {"families": 2, "full_nik": False}]


# ---- whose they are ----


def test_another_villages_payments_are_not_there(decreed: Musdes, sign_in: SignInAs) -> None:
    decreed.pay("Enok Sumarni", [1])
    payment, (recipient, _version) = payment_of(decreed), decreed.recipient("Enok Sumarni")
    neighbour, own = sign_in("village_head", SIBLING), f"/{SIBLING}/blt_desa"
    for address in (
        f"decrees/{decreed.decree_id()}",
        f"decrees/{decreed.decree_id()}/handover/1.pdf",
        f"decrees/{decreed.decree_id()}/blt-desa.xlsx",
        f"recipients/{recipient}/pay",
        f"recipients/{recipient}/leave",
        f"payments/{payment}",
        f"payments/{payment}.pdf",
        f"payments/{payment}/reverse",
    ):
        answer = neighbour.get(f"{own}/{address}")
        assert answer.status_code == 404, address
        assert "Enok" not in answer.text


def test_overseers_look_and_do_not_pay(decreed: Musdes, sign_in: SignInAs) -> None:
    overseer = sign_in("kecamatan_supervisor", "32.01.15")
    recipient, _version = decreed.recipient("Enok Sumarni")
    assert "Enok Sumarni" in overseer.get(url("decrees", decreed.decree_id())).text
    assert overseer.get(url("recipients", recipient, "pay")).status_code == 403


def test_what_was_decreed_and_what_was_paid_stand_among_the_familys_aid(decreed: Musdes) -> None:
    """In two lines and two sums; a payment that was reversed is none."""
    decreed.pay("Enok Sumarni", [1, 2])
    with at(decreed.app, VILLAGE) as area:
        case = db.session.get_one(Case, (area.id, UUID(decreed.cases["Enok Sumarni"])))
        family = {"people": frozenset([case.person_id]), "households": frozenset([case.household_id])}
        found = {(a.state, a.amount, a.first_day, a.last_day) for a in aid_of(area, **family)}
        assert found == {
            ("decided", 1_200_000, date(2026, 1, 1), date(2026, 4, 30)),
            ("received", 600_000, date(2026, 1, 1), date(2026, 2, 28)),
        }
        assert aid_of(area, [], []) == []
        db.session.execute(text("UPDATE blt_desa_payments SET reversed_at = now()"))
        assert [a.state for a in aid_of(area, **family)] == ["decided"]
