"""A real Chromium against a real server: the application of the other tests, on a port of its own."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright
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


OpenBrowser = Callable[[tuple[int, int]], Page]
DESK, PHONE = (1280, 900), (390, 844)


@pytest.fixture
def open_browser(browser: Browser, live: str) -> Iterator[OpenBrowser]:
    """Another person's browser, DESK or PHONE in size. Whatever its console or the server complains about fails."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_one(size: tuple[int, int]) -> Page:
        viewport: ViewportSize = {"width": size[0], "height": size[1]}
        contexts.append(browser.new_context(base_url=live, viewport=viewport, locale="id-ID"))
        contexts[-1].set_default_timeout(10_000)
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
        page.on("response", lambda r: problems.append(f"{r.status} {r.url}") if r.status >= 500 else None)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def desk(open_browser: OpenBrowser) -> Page:
    """The laptop on the desk."""
    return open_browser(DESK)


@pytest.fixture
def phone(open_browser: OpenBrowser) -> Page:
    return open_browser(PHONE)
