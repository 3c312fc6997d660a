"""Bringing a file in as a clerk does, for tests: upload, the worker, the page."""

import re
from io import BytesIO
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.database.session import db
from core.imports.states import current
from core.imports.working import apply_import, check_import, tell_failure, undo_import
from core.testing.villages import VILLAGE, at

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
    work_off(app, answer.location)
    return answer.location


def import_step(app: Flask, client: FlaskClient, page: str, step: str, **data: str) -> TestResponse:
    """Ask for "apply", "undo", "check", "discard" or "columns" from the page as it stands; the worker does it."""
    seen = re.search(r'name="version"[^>]*value="(\d+)"', client.get(f"{page}/{step}" if step == "undo" else page).text)
    answer = client.post(f"{page}/{step}", data={"version": seen[1] if seen else "", **data})
    if answer.status_code == 302:
        work_off(app, page)
    return answer


WORK = {"waiting": check_import, "applying": apply_import, "undoing": undo_import}


def work_off(app: Flask, page: str) -> None:
    """Do what the import of a page waits for, as the worker does, without a worker."""
    import_id = page.rpartition("/")[2]
    with at(app, VILLAGE) as area:
        if work := WORK.get(current(area.id, UUID(import_id)).state):
            try:
                work(area, import_id)
            except Exception as error:
                db.session.rollback()
                tell_failure(area, error, import_id)
                raise
