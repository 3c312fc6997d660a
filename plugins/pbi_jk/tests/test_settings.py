"""What a district says about its Dinas Sosial, on the letter and beside what waits for it."""

import re
from io import BytesIO

from pypdf import PdfReader

from core.testing import SignInAs

from .conftest import DISTRICT, Desk, days_later, village_url

OFFICE = {"address": "Jl. Bersih #1 *Cibinong*", "whatsapp": "0812-3456-7890", "hours": "Senin 08.00–14.00"}


def save(sign_in: SignInAs, **values: str) -> tuple[int, str]:
    admin, address = sign_in("district_admin", DISTRICT), f"/{DISTRICT}/settings/pbi_jk"
    fingerprint = re.search(r'name="fingerprint" value="(\w+)"', admin.get(address).text)
    assert fingerprint
    answer = admin.post(address, data={**OFFICE, "fingerprint": fingerprint[1], **values})
    return answer.status_code, answer.text


def test_the_letter_is_addressed_where_the_district_says(desk: Desk, sign_in: SignInAs) -> None:
    assert save(sign_in)[0] == 302
    case = desk.open_case("Enok Sumarni")
    version = re.search(r'name="version"[^>]*value="(\d+)"', desk.page(case))
    assert version
    desk.staff.post(village_url("cases", case, "letters", "proposal"), data={"version": version[1]})
    link = re.search(r'href="([^"]+\.pdf)"', desk.page(case))
    assert link
    with desk.staff.get(link[1]) as answer:
        text = " ".join(PdfReader(BytesIO(answer.data)).pages[0].extract_text().split())
    assert "Kepala Dinas Sosial Kabupaten Bogor Jl. Bersih #1 *Cibinong* Dengan hormat" in text


def test_whom_to_ask_stands_beside_what_was_silent_for_too_long(desk: Desk, sign_in: SignInAs) -> None:
    case = desk.open_case("Enok Sumarni")
    desk.send(case)
    with days_later(20, sign_in) as staff:
        assert "lewat WhatsApp" not in staff.get(village_url("")).text
        save(sign_in)
        page = staff.get(village_url("")).text
    assert "Tanyakan ke Dinas Sosial lewat WhatsApp: 0812-3456-7890 (Senin 08.00–14.00)" in page


def test_what_is_no_number_is_refused(sign_in: SignInAs) -> None:
    status, page = save(sign_in, whatsapp="hubungi kantor")
    assert status == 422
    assert "Tulis nomornya seperti" in page
