"""Bringing a file in as a clerk does, for tests: upload, the worker, the page."""

import re
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.jobs import run_waiting
from core.testing.villages import VILLAGE

Content = bytes | str | BytesIO


def upload_file(
    client: FlaskClient, kind: str, content: Content, filename: str = "daftar.csv", *, about: object = None, **data: str
) -> TestResponse:
    """What the upload answers: the address of the import, where the worker has not been yet."""
    raw = content.encode() if isinstance(content, str) else content
    file = BytesIO(raw) if isinstance(raw, bytes) else raw
    url = f"/{VILLAGE}/imports/{kind}/new" + (f"?about={about}" if about else "")
    return client.post(url, data={"file": (file, filename), **data})


def bring_file(
    app: Flask,
    client: FlaskClient,
    kind: str,
    content: Content,
    filename: str = "daftar.csv",
    *,
    about: object = None,
    **data: str,
) -> str:
    """Upload a file and have it checked; the address of its page."""
    answer = upload_file(client, kind, content, filename, about=about, **data)
    if answer.status_code != 302:
        raise AssertionError(answer.text)
    run_waiting(app)
    return answer.location


def import_step(app: Flask, client: FlaskClient, page: str, step: str, **data: str) -> TestResponse:
    """Ask for "apply", "undo", "check", "discard" or "columns" from the page as it stands; the worker does it."""
    seen = re.search(r'name="version"[^>]*value="(\d+)"', client.get(f"{page}/{step}" if step == "undo" else page).text)
    answer = client.post(f"{page}/{step}", data={"version": seen[1] if seen else "", **data})
    if answer.status_code == 302:
        run_waiting(app)
    return answer
