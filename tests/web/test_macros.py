"""The shared look: labels, hints and errors are wired for screen readers, and nothing typed becomes markup."""

from collections import namedtuple
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, flash, g, render_template
from flask_babel import Babel
from flask_wtf import CSRFProtect
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.validators import DataRequired, Optional

from core.web.assets import init_assets
from core.web.forms import SelectChoice
from core.web.frame import NEXT, FrameContent, render_frame
from core.web.icons import init_icons

TEMPLATES = Path(__file__).parents[2] / "templates"
FORMS = '{% from "macros/forms.html" import field, errors_summary, form_buttons, hidden %}'
PAGE = '{% import "macros/page.html" as page %}'
EVIL = "<script>alert(1)</script>"

NavItem = namedtuple("NavItem", "label url icon current count group")


class Page(HTMLParser):
    """The start tags of a page, in order, to be looked up by name and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str, **attrs: str) -> list[dict[str, str | None]]:
        wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attrs.items()}
        return [found for name, found in self.tags if name == tag and wanted.items() <= found.items()]

    def one(self, tag: str, **attrs: str) -> dict[str, str | None]:
        found = self.all(tag, **attrs)
        assert len(found) == 1, (tag, attrs, self.html)
        return found[0]


class SurveyForm(Form):
    nik = StringField("NIK", [DataRequired("Isi NIK.")])
    phone = StringField("Telepon", [Optional()], description="Nomor yang bisa dihubungi")
    born = DateField("Tanggal lahir", [DataRequired("Isi tanggal lahir.")])
    members = IntegerField("Jumlah anggota")
    income = SelectField("Penghasilan", choices=[SelectChoice("rendah"), SelectChoice("sedang")], default="rendah")
    house = RadioField(
        "Rumah", choices=[SelectChoice("milik"), SelectChoice("sewa")], validators=[DataRequired("Pilih satu.")]
    )
    needs = SelectMultipleField(
        "Kebutuhan",
        choices=[SelectChoice("berobat"), SelectChoice("pangan")],
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
    )
    story = TextAreaField("Keadaan")
    letter = FileField("Surat")
    consent = BooleanField("Warga setuju", [DataRequired("Minta persetujuan.")])
    version = HiddenField(default="7")


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__, static_folder=None, template_folder=str(TEMPLATES))
    app.config.update(SECRET_KEY="secret", TESTING=True)
    Babel(app, default_locale="id")
    CSRFProtect(app)
    init_assets(app)
    init_icons(app)
    return app


@pytest.fixture
def render(app: Flask):
    def render(source: str, **context: Any) -> Page:
        with app.test_request_context("/"):
            return Page(app.jinja_env.from_string(source).render(context))

    return render


def rejected() -> SurveyForm:
    form = SurveyForm()
    assert not form.validate()
    return form


@pytest.mark.parametrize("name", ["nik", "phone", "born", "members", "income", "story", "letter"])
def test_every_control_has_a_label_of_its_own(render, name):
    page = render(FORMS + "{{ field(form[name]) }}", form=SurveyForm(), name=name)
    control = next(found for tag, found in page.tags if tag in ("input", "select", "textarea"))
    assert page.one("label")["for"] == control["id"] == name


def test_a_field_without_hint_or_error_points_nowhere(render):
    control = render(FORMS + "{{ field(form.nik) }}", form=SurveyForm()).one("input")
    assert "aria-describedby" not in control
    assert "aria-invalid" not in control


def test_hint_and_error_are_read_with_the_control(render):
    page = render(FORMS + "{{ field(form.nik, hint='16 angka') }}", form=rejected())
    control = page.one("input")
    assert control["aria-describedby"] == "nik-hint nik-error"
    assert control["aria-invalid"] == "true"
    assert page.one("p", id="nik-hint")
    assert page.one("p", id="nik-error")
    assert "Isi NIK." in page.html


def test_the_description_of_a_field_is_its_hint(render):
    page = render(FORMS + "{{ field(form.phone) }}", form=SurveyForm())
    assert page.one("input")["aria-describedby"] == "phone-hint"
    assert "Nomor yang bisa dihubungi" in page.html


def test_only_what_may_stay_empty_says_so(render):
    assert "boleh kosong" in render(FORMS + "{{ field(form.phone) }}", form=SurveyForm()).html
    assert "boleh kosong" not in render(FORMS + "{{ field(form.nik) }}", form=SurveyForm()).html


def test_further_arguments_become_attributes(render):
    page = render(FORMS + "{{ field(form.nik, inputmode='numeric', data_x='1') }}", form=SurveyForm())
    assert page.one("input", inputmode="numeric", data_x="1")


@pytest.mark.parametrize(("name", "kind"), [("house", "radio"), ("needs", "checkbox")])
def test_choices_are_a_group_with_a_legend(render, name, kind):
    page = render(FORMS + "{{ field(form[name]) }}", form=SurveyForm(), name=name)
    assert page.one("fieldset")["id"] == name
    assert page.one("legend") == {}
    assert len(page.all("input", type=kind)) == len(page.all("label")) == 2


def test_the_error_of_a_group_is_read_with_the_group(render):
    page = render(FORMS + "{{ field(form.house) }}", form=rejected())
    assert page.one("fieldset")["aria-describedby"] == "house-error"
    assert page.one("p", id="house-error")
    assert all(choice["aria-invalid"] == "true" for choice in page.all("input"))


def test_a_single_tick_is_wired_like_any_field(render):
    page = render(FORMS + "{{ field(form.consent) }}", form=rejected())
    assert page.one("input", type="checkbox")["aria-describedby"] == "consent-error"
    assert page.html.index("<label") < page.html.index("<input") < page.html.index("Warga setuju")


def test_the_summary_counts_the_errors_and_leads_to_each_field(render):
    page = render(FORMS + "{{ errors_summary(form) }}", form=rejected())
    assert page.one("div", role="alert", tabindex="-1")
    assert "Ada 4 hal yang perlu diperbaiki" in page.html
    assert [link["href"] for link in page.all("a")] == ["#nik", "#born", "#house", "#consent"]


def test_an_error_of_the_whole_form_is_in_the_summary(render):
    form = SurveyForm()
    form.form_errors.append("Warga ini sudah punya kasus yang terbuka.")
    page = render(FORMS + "{{ errors_summary(form) }}", form=form)
    assert "Warga ini sudah punya kasus yang terbuka." in page.html


def test_a_form_without_errors_has_no_summary(render):
    assert render(FORMS + "{{ errors_summary(form) }}", form=SurveyForm()).html == ""


def test_what_was_typed_or_declared_never_becomes_markup(render):
    form = rejected()
    form.nik.data = EVIL
    form.nik.errors = [EVIL]
    form.nik.label.text = EVIL
    form.nik.description = EVIL
    page = render(FORMS + "{{ errors_summary(form) }}{{ field(form.nik) }}", form=form)
    assert page.all("script") == []
    assert page.html.count("&lt;script&gt;") == 6  # summary: label, message; field: label, hint, message, value


def test_a_form_carries_its_hidden_fields_and_one_token(render):
    page = render(FORMS + "{{ hidden(form) }}", form=SurveyForm())
    assert page.one("input", type="hidden", name="version")["value"] == "7"
    assert page.one("input", type="hidden", name="csrf_token")["value"]
    assert len(page.all("input")) == 2


def test_the_main_button_comes_first_and_the_way_out_is_a_link(render):
    page = render(FORMS + "{{ form_buttons('Simpan', cancel_url='/kasus') }}")
    assert page.one("button", class_="btn go ")
    assert page.one("a", href="/kasus")
    assert page.html.index("Simpan") < page.html.index("Batal")


def test_a_step_is_told_apart_by_more_than_its_colour(render):
    page = render(PAGE + "{{ page.steps([('Daftar', 'done'), ('Periksa', 'now'), ('Selesai', '')]) }}")
    assert page.one("svg", role="img")["aria-label"] == "selesai:"
    assert page.one("li", aria_current="step")


@pytest.mark.parametrize("kind", ["y", "x", "q", "a", "w"])
def test_a_mark_is_a_sign_with_a_name(render, kind):
    assert render(PAGE + "{{ page.mark(kind) }}", kind=kind).one("span", role="img")["aria-label"]


def test_an_empty_list_says_what_to_do_next(render):
    page = render(PAGE + "{{ page.empty_state('inbox', 'Belum ada', 'Mulai dari sini.', ('Buat kasus', '/baru')) }}")
    assert page.one("a", href="/baru")


def test_a_pager_offers_only_the_pages_there_are(render):
    assert render(PAGE + "{{ page.pager() }}").html == ""
    assert [link["rel"] for link in render(PAGE + "{{ page.pager(next_url='/2') }}").all("a")] == ["next"]
    assert [link["rel"] for link in render(PAGE + "{{ page.pager('/1', '/3') }}").all("a")] == ["prev", "next"]


def test_a_confirmation_names_the_consequences_and_posts_with_a_token(render):
    page = render(PAGE + "{{ page.confirm('Hapus?', ['Berkas hilang.'], '/hapus', 'Ya, hapus', '/kembali') }}")
    assert "Berkas hilang." in page.html
    assert page.one("form", method="post", action="/hapus")
    assert page.one("input", name="csrf_token")["value"]
    assert page.one("a", href="/kembali")


def test_parts_of_a_page_escape_what_they_show(render):
    parts = [
        "page.page_head(evil, [(evil, '#')], [evil], evil)",
        "page.tag('late', evil)",
        "page.facts([(evil, evil)])",
        "page.timeline([(evil, evil, evil)])",
        "page.strip([(evil, evil, None, '')])",
        "page.notice('due', evil)",
        "page.progress(evil, 1, 2)",
        "page.steps([(evil, 'now')])",
        "page.empty_state('inbox', evil, evil, (evil, '#'))",
        "page.chips(evil, [(evil, '#', True, 1)])",
        "page.confirm(evil, [evil], '#', evil, '#')",
    ]
    source = "".join("{{" + part + "}}" for part in parts)
    source += "{% call page.card(evil, meta=evil, link=(evil, '#')) %}{{ evil }}{% endcall %}"
    assert render(PAGE + source, evil=EVIL).all("script") == []


def frame_of(**changes: Any) -> FrameContent:
    navigation = [
        NavItem("Hari ini", "/hari-ini", "house-door", False, None, None),
        NavItem("Kasus", "/kasus", "folder2-open", True, 3, None),
        NavItem("Warga", "/warga", "people", False, None, None),
        NavItem("Rujukan", "/rujukan", "send", False, None, None),
        NavItem("Antrean", "/antrean", "ticket-perforated", False, 14, "Modul"),
    ]
    content = FrameContent(
        area=SimpleNamespace(title="Desa Cibadak", path="Kec. Ciampea · Kab. Bogor"),
        navigation=navigation,
        languages=[("id", "Bahasa Indonesia", f"?l=id&next={NEXT}", True), ("en", "English", "?l=en", False)],
        home_url="/",
        account_url="/akun",
        sign_out_url="/keluar",
        switch_url="/wilayah",
        signed_in=True,
    )
    return replace(content, **changes)


@pytest.fixture
def shown(app: Flask):
    def shown(source: str, **changes: Any) -> Page:
        with app.test_request_context("/"):
            g.area = SimpleNamespace(title="Desa Cibadak")
            flash("Kasus tersimpan.", "success")
            flash("Berkas terlalu besar.", "error")
            frame = render_frame(frame_of(**changes)).filled(name="Siti <b>", token='t"oken', path="/kasus?q=a b&x='")
            context = {"g": g, "lang": "id", "request_id": "7f3a91c2", "frame": lambda: frame}
            return Page(app.jinja_env.from_string('{% extends "layout.html" %}' + source).render(context))

    return shown


def test_the_frame_shows_where_one_is(shown):
    page = shown("{% block heading %}Kasus{% endblock %}")
    assert page.one("html")["lang"] == "id"
    assert "<title>Kasus · Desa Cibadak · Puskesos</title>" in page.html
    assert page.one("a", class_="where")["href"] == "/wilayah"
    assert [link["href"] for link in page.all("a", aria_current="page")] == ["/kasus", "/kasus"]
    assert len(page.all("h1")) == 1


def test_the_first_three_entries_are_tabs_and_the_rest_is_behind_more(shown):
    tabs = shown("").html.partition('class="tabs"')[2]
    direct, rest = tabs.partition("<details")[::2]
    assert [url in direct for url in ("/hari-ini", "/kasus", "/warga", "/rujukan")] == [True, True, True, False]
    assert "Menu lain" in rest
    assert "/antrean" in rest


def test_four_entries_need_no_more_tab(shown):
    assert "Menu lain" not in shown("", navigation=frame_of().navigation[:4]).html


def test_a_keyboard_jumps_over_the_navigation(shown):
    page = shown("")
    assert page.one("a", class_="skip")["href"] == "#isi"
    assert page.one("main")["id"] == "isi"


def test_signing_out_is_a_post_with_a_token(shown):
    page = shown("")
    assert page.one("form", method="post", action="/keluar")
    assert page.one("input", name="csrf_token")["value"]
    assert "Siti &lt;b&gt;" in page.html


def test_a_change_of_language_leads_back_to_the_page(shown):
    links = shown("").all("a", hreflang="id")
    assert {link["href"] for link in links} == {"?l=id&next=/kasus%3Fq%3Da%20b%26x%3D%27"}


def test_an_error_message_interrupts_and_a_success_waits_its_turn(shown):
    page = shown("")
    assert page.one("div", class_="flash late")["role"] == "alert"
    assert page.one("div", class_="flash ok")["role"] == "status"


def test_the_side_column_appears_only_with_something_in_it(shown):
    assert shown("{% block content %}isi{% endblock %}").all("div", class_="cols") == []
    assert shown("{% block content %}isi{% endblock %}{% block aside %}samping{% endblock %}").one("div", class_="cols")


def test_the_frame_works_under_a_strict_content_security_policy(shown):
    page = shown("{% block heading %}Kasus{% endblock %}")
    assert all(script.get("src") for script in page.all("script"))
    assert page.all("style") == []
    for tag, attrs in page.tags:
        assert not [name for name in attrs if name == "style" or name.startswith("on")], tag


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 429, 500])
def test_an_error_page_needs_no_user_no_area_and_no_navigation(app, status):
    with app.test_request_context("/"):
        facts = {"title": "Gagal", "text": "Ada <b>apa</b>?", "todo": "Coba lagi.", "request_id": "7f3a"}
        html = render_template("errors/error.html", status=status, **facts)
    page = Page(html)
    assert "Ada &lt;b&gt;apa&lt;/b&gt;?" in html
    assert "Coba lagi." in html
    assert "7f3a" in html
    assert page.all("nav") == []
    assert page.one("a", class_="btn go")["href"] == "/"
