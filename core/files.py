"""Uploaded files: checked by content, kept under the hash of that content, outside anything a web server serves."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from flask_babel import gettext as _

MAX_BYTES = 5 * 1024 * 1024
CHUNK = 64 * 1024

SIGNATURES = (
    (b"%PDF-", 0, "application/pdf"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"WEBP", 8, "image/webp"),
)
EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


class FileRefused(Exception):
    """A file that is not taken; the message says why and what to do."""


@dataclass(frozen=True)
class StoredFile:
    sha256: str
    size: int
    media_type: str


def media_type_of(head: bytes) -> str | None:
    """By the first bytes, never by name or by what the browser claims."""
    for signature, offset, media_type in SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            return media_type
    return None


def make_private(folder: Path) -> None:
    """Make a folder and what is missing above it, each for this user alone.

    ``mkdir(parents=True)`` gives its mode to the last one only; those above it get the umask's.
    """
    if not folder.parent.exists():
        make_private(folder.parent)
    folder.mkdir(exist_ok=True, mode=0o700)


class FileStore:
    """A directory of one village's files, named by the SHA-256 of their content; the same photo is kept once."""

    def __init__(self, root: Path, village_id: int):
        self.directory = root / str(village_id)

    def path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not all(c in "0123456789abcdef" for c in sha256):
            raise ValueError("not a SHA-256 in hexadecimal")
        return self.directory / sha256[:2] / sha256

    def stored(self) -> Iterator[Path]:
        """All files, in the order of their names; a directory of 1/256 of them in memory at a time."""
        for number in range(256):
            folder = self.directory / f"{number:02x}"
            yield from sorted(path for path in folder.iterdir() if len(path.name) == 64) if folder.is_dir() else ()

    def save_document(self, stream: BinaryIO) -> StoredFile:
        """A photo or a PDF of a resident's paper, at most 5 MB.

        Raises:
            FileRefused: empty, too large or of another type.
        """
        head = stream.read(16)
        media_type = media_type_of(head)
        if not head:
            raise FileRefused(_("Berkas kosong. Pilih foto atau PDF, lalu unggah lagi."))
        if media_type is None:
            raise FileRefused(_("Jenis berkas ini tidak diterima. Unggah foto (JPG, PNG, WEBP) atau PDF."))
        stream.seek(0)
        sha256, size = self.save(stream, MAX_BYTES)
        return StoredFile(sha256, size, media_type)

    def save(self, stream: IO[bytes], limit: int) -> tuple[str, int]:
        """Write a stream under its hash; answers (SHA-256, bytes).

        Raises:
            FileRefused: more than ``limit`` bytes; nothing is kept.
        """
        make_private(self.directory)
        digest, size = hashlib.sha256(), 0
        with tempfile.NamedTemporaryFile(dir=self.directory, delete=False) as file:
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
        target = self.path(digest.hexdigest())
        target.parent.mkdir(exist_ok=True, mode=0o700)
        Path(file.name).replace(target)
        return digest.hexdigest(), size
