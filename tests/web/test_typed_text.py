"""What was typed is text, wherever a message repeats it."""

import pytest
from flask import render_template_string
from flask.testing import FlaskClient

from core.testing import VILLAGE
from core.texts import lazy_gettext as _

TYPED = "<script>alert(1)</script>"


@pytest.mark.usefixtures("village")
def test_a_lazy_text_is_no_markup() -> None:
    message = _("%(number)s “%(value)s” berisi huruf atau tanda lain.", number="NIK", value=TYPED)
    assert TYPED not in render_template_string("{{ message }}", message=message)


def test_a_message_about_what_was_typed_shows_it_as_text(staff: FlaskClient) -> None:
    page = staff.post(f"/{VILLAGE}/people/new", data={"name": "Siti Aminah", "nik": TYPED})
    assert page.status_code == 422
    assert "berisi huruf" in page.text
    assert TYPED not in page.text
