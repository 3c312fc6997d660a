"""What people do on many pages, and what every page must hold to."""

import re
from collections.abc import Mapping

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import FilePayload, Locator, Page, expect
from pyotp.totp import TOTP

from core.areas.code import AreaCode
from core.database.session import db
from core.testing import VILLAGE
from core.users.accounts import create_user, grant

from .conftest import DESK, PHONE

PASSWORD = "kopi-sore-hujan-bukit"
POOR_FIT = """() => {
    const all = [...document.querySelectorAll("main :not(.sr, .sr *, thead *)")]
    const shown = all.filter((one) => one.checkVisibility())
    const text = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim().length > 8)
    const width = (one) => one.getBoundingClientRect().width
    const squeezed = (one) => text(one) && width(one) > 1 && width(one) < 40
    const cramped = (one) => one.matches(".btn:not(.quiet)") && parseFloat(getComputedStyle(one).paddingLeft) < 8
    const wide = document.documentElement.scrollWidth > window.innerWidth ? ["the page scrolls sideways"] : []
    return [...wide, ...shown.filter((one) => squeezed(one) || cramped(one)).map((one) => one.outerHTML.slice(0, 200))]
}"""
"""What does not fit: a page that scrolls sideways, words that are broken letter by letter, a button without a rim."""
PAPER: FilePayload = {"name": "berkas.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 synthetic"}


def hire(app: Flask, **roles: str) -> None:
    """Accounts of the village by user name, each with its role and PASSWORD: ``hire(app, siti="village_staff")``."""
    with app.app_context():
        for username, role in roles.items():
            user, _password = create_user(username, username.title(), password=PASSWORD)
            grant(user, AreaCode.parse(VILLAGE), role)
        db.session.commit()


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    enter(page, username, password)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Halo")


def enter(page: Page, username: str, password: str) -> None:
    """Name and password; what follows is another matter."""
    page.goto("/")
    fill(page, {"Nama pengguna": username, "Kata sandi": password})
    press(page, "Masuk")


def set_up_the_second_step(page: Page) -> None:
    """With the key that is written beside the picture, as an app without a camera would."""
    accessible(page)
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    fill(page, {"Tulis enam angka": TOTP(secret).now()})
    press(page, "Nyalakan")
    heading(page, "Kode cadangan")
    expect(page.get_by_role("list", name="Kode cadangan").get_by_role("listitem")).to_have_count(10)
    accessible(page)
    follow(page, "Sudah saya simpan")


def accessible(page: Page) -> None:
    """WCAG 2.2 AA as far as a machine can tell, and nothing that does not fit, here or on a phone."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    size = page.viewport_size
    for width, height in ((size["width"], size["height"]) if size else DESK, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        poor = page.evaluate(POOR_FIT)
        assert not poor, (width, poor)
    if size:
        page.set_viewport_size(size)


def fill(page: Page, answers: Mapping[str, str]) -> None:
    """Fields by the beginning of their label."""
    for label, text in answers.items():
        page.get_by_label(re.compile(f"^{re.escape(label)}")).first.fill(text)


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label).first.select_option(label=option)


def tick(page: Page, label: str) -> None:
    page.get_by_label(label).first.check()


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).first.click()


def follow(page: Page, link: str) -> None:
    page.get_by_role("link", name=link).first.click()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def take_step(page: Page, label: str, answers: Mapping[str, str] | None = None) -> None:
    """From a case's page through the page of the step, back to the case."""
    follow(page, label)
    fill(page, answers or {})
    press(page, label)
    expect(page.get_by_role("status").first).to_contain_text("tercatat")


def upload(page: Page, paper: str) -> None:
    line = _line_of(page, paper)
    line.get_by_text("Unggah foto atau bebaskan").click()
    line.get_by_label(f"Foto atau PDF: {paper}").set_input_files(PAPER)
    line.get_by_role("button", name="Unggah").click()
    expect(line).to_contain_text("diunggah")


def show(page: Page, paper: str) -> None:
    """The original lay on the desk."""
    line = _line_of(page, paper)
    line.get_by_role("button", name="Sudah diperlihatkan").click()
    expect(line).to_contain_text("aslinya diperlihatkan")


def _line_of(page: Page, paper: str) -> Locator:
    return page.locator("#papers li", has=page.locator("b", has_text=re.compile(f"^{re.escape(paper)}$")))
