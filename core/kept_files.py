"""Photos that a plugin keeps beside a row of its own: under their hash, in the village's directory.

The row has a column ``sha256``; by that name the village's archive takes the file along, and with the resident whom the
row is about the file is erased (``core.personal_data.erasing``).
"""

from pathlib import Path
from typing import BinaryIO

from flask_babel import gettext as _

from core.areas.current import CurrentArea
from core.files import FileRefused, FileStore, StoredFile
from core.platform import platform


def keep_photo(area: CurrentArea, stream: BinaryIO) -> StoredFile:
    """Keep a photo of at most 5 MB, known by its content. The caller writes the hash into a row and commits.

    Raises:
        FileRefused: empty, too large, or no JPG, PNG or WEBP.
    """
    stored = FileStore(platform().config.files_dir, area.id).save_document(stream)
    if not stored.media_type.startswith("image/"):
        raise FileRefused(_("Ini bukan foto. Unggah JPG, PNG, atau WEBP."))
    return stored


def photo_path(area: CurrentArea, sha256: str) -> Path | None:
    """Where a kept photo lies; None when the storage has it no more. For ``file_answer``."""
    path = FileStore(platform().config.files_dir, area.id).path(sha256)
    return path if path.exists() else None
