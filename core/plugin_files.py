"""Files that a plugin takes in: checked as papers are, kept in the village's store, shown and never run.

A row of the plugin's own has a column ``sha256``; by that name the village's archive takes the file along, and with the
resident whom the row is about the file is erased (``core.personal_data.erasing``).
"""

from collections.abc import Collection
from typing import BinaryIO

from flask import Response
from flask_babel import gettext as _
from sqlalchemy import select

from core.areas.current import CurrentArea
from core.cases.models import Document, LetterRecord
from core.database.session import after_commit, db
from core.files import EXTENSIONS, FileRefused, FileStore, StoredFile
from core.platform import platform
from core.web.answers import stored_file


def keep_file(area: CurrentArea, stream: BinaryIO) -> StoredFile:
    """A photo or a PDF of at most 5 MB; the plugin keeps its ``sha256`` and ``media_type`` in a row of its own.

    Raises:
        FileRefused: empty, too large or of another type; the message is for who sent it.
    """
    return _store(area.id).save_document(stream)


def keep_photo(area: CurrentArea, stream: BinaryIO) -> StoredFile:
    """As :func:`keep_file`, and a photo only.

    Raises:
        FileRefused: empty, too large, or no JPG, PNG or WEBP.
    """
    stored = keep_file(area, stream)
    if not stored.media_type.startswith("image/"):
        raise FileRefused(_("Ini bukan foto. Unggah JPG, PNG, atau WEBP."))
    return stored


def file_answer(area: CurrentArea, sha256: str, media_type: str, name: str) -> Response | None:
    """A kept file for a browser, which keeps no copy; ``name`` is without its ending. None where it is gone.

    The plugin has found out before whether the person may see it.
    """
    path = _store(area.id).path(sha256)
    return stored_file(path, media_type, f"{name}.{EXTENSIONS.get(media_type, 'bin')}") if path.exists() else None


def drop_files(village_id: int, hashes: Collection[str]) -> None:
    """Remove kept files with the commit, but for those that a resident's paper or a letter has as well.

    Whether a row of the plugin's own still needs one is the plugin's to know.
    """
    needed: set[str] = set()
    for model in (Document, LetterRecord):
        query = select(model.sha256).where(model.village_id == village_id, model.sha256.in_(list(hashes)))
        needed |= set(db.session.scalars(query))
    paths = [_store(village_id).path(sha256) for sha256 in sorted(set(hashes) - needed)]

    def unlink() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    after_commit(unlink)


def _store(village_id: int) -> FileStore:
    return FileStore(platform().config.files_dir, village_id)
