"""A real Chromium against a real server: the application of the other tests, on a port of its own."""

import os
import shutil
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

# Debian's Chromium asks hosts of its maker in the background; on a closed network each such request hangs.
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("Chromium tidak ada. Debian/Ubuntu: apt-get install chromium")
    sandbox = () if os.geteuid() else ("--no-sandbox",)  # Chromium refuses to run as root with it
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=[*QUIET, *sandbox])
        yield launched
        launched.close()


@pytest.fixture
def live(app: Flask, areas: None) -> Iterator[str]:
    """The address of the running application."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def desk(browser: Browser, live: str) -> Iterator[Page]:
    """The laptop on the desk: 1280 pixels wide. Whatever the page's console or the server complains about fails."""
    yield from _page(browser, live, 1280, 900)


@pytest.fixture
def phone(browser: Browser, live: str) -> Iterator[Page]:
    yield from _page(browser, live, 390, 844)


def _page(browser: Browser, live: str, width: int, height: int) -> Iterator[Page]:
    context = browser.new_context(base_url=live, viewport={"width": width, "height": height}, locale="id-ID")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("response", lambda r: problems.append(f"{r.status} {r.url}") if r.status >= 500 else None)
    yield page
    context.close()
    assert problems == []
