"""Opening an archive without trusting it: its shape, its limits, its checksums, before anything is written.

What a hostile file could do: name members outside of its folder (no member is unpacked by its name), grow without end
when unpacked (limits), say other than it holds (checksums), bring rows of other villages or tables (``restoring``).
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as DeflateError

from flask_babel import gettext as _

from core.exports import OnProgress

from .format import (
    CHUNK,
    FILE,
    FILES,
    MANIFEST,
    MOST_LINE_BYTES,
    MOST_MANIFEST_BYTES,
    TABLE,
    ArchiveManifest,
    ArchiveRefused,
    read_manifest,
)

MOST_MEMBERS = 500_000
MOST_UNPACKED_BYTES = 50 * 1024**3
# Rows pack to a tenth or so; a bomb packs to a thousandth.
MOST_GROWTH = 100
FREE_GROWTH = 32 * 1024 * 1024

Row = dict[str, Any]


@dataclass(frozen=True)
class Archive:
    """An opened file whose members are those of its manifest. Their contents are not checked before :meth:`verify`."""

    file: ZipFile
    manifest: ArchiveManifest

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a member; none where it is missing. Raises: ArchiveRefused."""
        if name not in self.manifest.members:
            return
        with _reading(self.file, name) as member:
            while line := member.readline(MOST_LINE_BYTES + 1):
                if len(line) > MOST_LINE_BYTES:
                    raise ArchiveRefused(_("Bagian %(name)s berisi baris yang terlalu panjang.", name=name))
                yield line

    def rows(self, name: str) -> Iterator[tuple[Row, str]]:
        """Each line of a member as an object, and as the text that it is. Raises: ArchiveRefused."""
        for number, line in enumerate(self.lines(name), start=1):
            text, row = line.decode(errors="replace"), None
            with suppress(ValueError, RecursionError):
                row = json.loads(line)
            if not isinstance(row, dict):
                raise ArchiveRefused(_("Baris %(n)s pada %(name)s rusak.", n=number, name=name))
            yield row, text.rstrip("\n")

    def verify(self, tell: OnProgress) -> None:
        """Read everything once and compare with what the manifest says. Raises: ArchiveRefused."""
        total, done = len(self.file.infolist()), 0
        for name, member in self.manifest.members.items():
            digest, rows = hashlib.sha256(), 0
            for line in self.lines(name):
                digest.update(line)
                rows += 1
            if (rows, digest.hexdigest()) != (member.rows, member.sha256):
                raise ArchiveRefused(
                    _("Bagian %(name)s tidak sama dengan yang tercatat: arsip rusak atau diubah.", name=name)
                )
            done += 1
            tell(done, total)
        for sha256, size in self.files():
            if self._hash_of(sha256) != sha256 or self.file.getinfo(f"files/{sha256}").file_size != size:
                raise ArchiveRefused(_("Berkas %(name)s di dalam arsip rusak atau diubah.", name=sha256[:12]))
            done += 1
            if done % 20 == 0:
                tell(done, total)

    def files(self) -> Iterator[tuple[str, int]]:
        """The hash and the size of each file, as listed. Raises: ArchiveRefused: one is listed that is not there."""
        for row, _text in self.rows(FILES):
            sha256, size = row.get("sha256"), row.get("size")
            if (
                not isinstance(sha256, str)
                or f"files/{sha256}" not in self.file.NameToInfo
                or not isinstance(size, int)
            ):
                raise ArchiveRefused(_("Daftar berkas di dalam arsip tidak cocok dengan isinya."))
            yield sha256, size

    @contextmanager
    def open(self, sha256: str) -> Iterator[IO[bytes]]:
        with _reading(self.file, f"files/{sha256}") as member:
            yield member

    def _hash_of(self, sha256: str) -> str:
        digest = hashlib.sha256()
        with self.open(sha256) as member:
            while chunk := member.read(CHUNK):
                digest.update(chunk)
        return digest.hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Raises: ArchiveRefused: not an archive, beyond the limits, or with members that its manifest does not name."""
    try:
        file = ZipFile(path)
    except (BadZipFile, OSError, RuntimeError, ValueError) as error:  # RuntimeError: packed in an unknown way
        raise ArchiveRefused(_("Berkas ini bukan arsip Puskesos (ZIP), atau rusak.")) from error
    with file:
        _check_limits(file.infolist(), path.stat().st_size)
        with _reading(file, MANIFEST) as member:
            raw = member.read(MOST_MANIFEST_BYTES + 1)
        if len(raw) > MOST_MANIFEST_BYTES:
            raise ArchiveRefused(_("Daftar isi arsip (manifest.json) terlalu besar."))
        manifest = read_manifest(raw)
        _check_members(file, manifest)
        yield Archive(file, manifest)


@contextmanager
def _reading(file: ZipFile, name: str) -> Iterator[IO[bytes]]:
    try:
        with file.open(name) as member:
            yield member
    except (BadZipFile, DeflateError, EOFError, OSError, KeyError, RuntimeError) as error:
        raise ArchiveRefused(_("Bagian %(name)s tidak dapat dibaca: arsip rusak.", name=name[:60])) from error


def _check_limits(entries: list[ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_MEMBERS or unpacked > min(MOST_UNPACKED_BYTES, MOST_GROWTH * packed + FREE_GROWTH):
        raise ArchiveRefused(_("Arsip ini terlalu besar bila dibuka; ia mungkin dibuat untuk merusak."))
    names = [entry.filename for entry in entries]
    strange = [
        name for name in names if name not in (MANIFEST, FILES) and not (TABLE.fullmatch(name) or FILE.fullmatch(name))
    ]
    if strange:
        raise ArchiveRefused(_("Arsip ini berisi bagian yang tidak dikenal: %(name)s.", name=strange[0][:60]))
    if len(names) != len(set(names)):
        raise ArchiveRefused(_("Arsip ini berisi satu bagian dua kali."))
    if any(entry.flag_bits & 1 or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise ArchiveRefused(_("Arsip ini dikunci atau dipadatkan dengan cara yang tidak dikenal."))


def _check_members(file: ZipFile, manifest: ArchiveManifest) -> None:
    names = {name for name in file.namelist() if name != MANIFEST and not FILE.fullmatch(name)}
    if names != set(manifest.members):
        odd = sorted(names ^ set(manifest.members))
        raise ArchiveRefused(_("Isi arsip tidak cocok dengan daftarnya: %(name)s.", name=odd[0][:60]))
    files = sum(1 for name in file.namelist() if FILE.fullmatch(name))
    listed = manifest.members[FILES].rows if FILES in manifest.members else 0
    if not files == listed == manifest.files:
        raise ArchiveRefused(_("Jumlah berkas di dalam arsip tidak cocok dengan daftarnya."))
    for name, member in manifest.members.items():
        if file.getinfo(name).file_size != member.size:
            raise ArchiveRefused(
                _("Bagian %(name)s tidak sama dengan yang tercatat: arsip rusak atau diubah.", name=name[:60])
            )
