"""The files themselves, until they are applied or nobody wants them any more.

They lie beside the village's papers and not among them: what a file says of strangers is nobody's to keep, and so they
are in no archive.
"""

import hashlib
import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO
from uuid import UUID

from flask_babel import gettext as _

from core.files import CHUNK, FileRefused, make_private
from core.platform import platform


def upload_of(village_id: int, import_id: UUID) -> Path:
    return _folder() / str(village_id) / str(import_id)


def all_uploads() -> list[Path]:
    return list(_folder().glob("*/*"))


def keep_upload(village_id: int, import_id: UUID, stream: IO[bytes], limit: int) -> str:
    """Write a file down; its SHA-256.

    Raises:
        FileRefused: more than ``limit`` bytes; nothing is kept.
    """
    target = upload_of(village_id, import_id)
    make_private(target.parent)
    digest, size = hashlib.sha256(), 0
    with NamedTemporaryFile(dir=target.parent, delete=False) as file:
        try:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise FileRefused(_("Berkas lebih dari %(mb)s MB. Perkecil dulu.", mb=limit // 1024 // 1024))
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            Path(file.name).unlink()
            raise
    Path(file.name).replace(target)
    return digest.hexdigest()


def drop_upload(village_id: int, import_id: UUID) -> None:
    upload_of(village_id, import_id).unlink(missing_ok=True)


def _folder() -> Path:
    return platform().config.data_dir / "imports"
