"""The outside of an archive: a ZIP with a manifest, one NDJSON member a table, and the files by their SHA-256."""

import json
import re
from dataclasses import asdict, dataclass, field
from typing import Any

from flask_babel import gettext as _

FORMAT = "puskesos-village-archive"
VERSION = 1

MANIFEST = "manifest.json"
FILES = "files.ndjson"
USERS = "tables/users.ndjson"
MOST_MANIFEST_BYTES = 4 * 1024 * 1024
MOST_LINE_BYTES = 16 * 1024 * 1024
CHUNK = 256 * 1024

TABLE = re.compile(r"tables/([a-z][a-z0-9_]{0,62})\.ndjson")
FILE = re.compile(r"files/([0-9a-f]{64})")


class ArchiveRefused(Exception):
    """An archive that is not brought in; nothing of it was written. The message says why and what to do."""


@dataclass(frozen=True)
class Member:
    """What a member holds: ``rows`` lines, ``size`` bytes when unpacked."""

    rows: int
    size: int
    sha256: str


@dataclass(frozen=True)
class PluginPart:
    """A plugin that the village used, and the version of its tables; None where it has none."""

    version: str
    schema: str | None


@dataclass(frozen=True)
class ArchiveManifest:
    """What the file says of itself. ``members`` lacks the manifest and the files, whose names are their hashes.

    Attributes:
        village: its ten-digit code with dots.
        schema: the version of core's tables.
        files: how many files there are.
        missing_files: hashes that rows name and that were not in the store.
        left_out: tables of plugins that were not installed when the archive was made.
    """

    village: str
    name: str
    platform: str
    schema: str
    created_at: str
    plugins: dict[str, PluginPart]
    members: dict[str, Member]
    files: int
    missing_files: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(member.rows for name, member in self.members.items() if name != FILES)

    def as_json(self) -> bytes:
        content = {"format": FORMAT, "version": VERSION, **asdict(self)}
        return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def read_manifest(raw: bytes) -> ArchiveManifest:
    """Raises: ArchiveRefused: not ours, of another version, or damaged."""
    try:
        content: Any = json.loads(raw)
        if content.pop("format") != FORMAT:
            raise ValueError("format")
        version = content.pop("version")
        if version != VERSION:
            raise ArchiveRefused(
                _("Arsip ini berbentuk versi %(found)s; pemasangan ini membaca versi %(known)s.", found=str(version),
                  known=VERSION)
            )  # fmt: skip
        content["plugins"] = {str(name): _part(PluginPart, part) for name, part in content["plugins"].items()}
        content["members"] = {str(name): _part(Member, part) for name, part in content["members"].items()}
        return _checked(ArchiveManifest(**content))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ArchiveRefused(_("Daftar isi arsip (manifest.json) rusak atau bukan milik Puskesos.")) from error


def _part(kind: type, content: dict[str, Any]) -> Any:
    return kind(**content)


def _checked(manifest: ArchiveManifest) -> ArchiveManifest:
    """Types, since what is compared later must be what it seems. Raises: ValueError."""
    texts = (manifest.village, manifest.name, manifest.platform, manifest.schema, manifest.created_at)
    numbers = [n for member in manifest.members.values() for n in (member.rows, member.size)] + [manifest.files]
    lists = (*manifest.missing_files, *manifest.left_out)
    if not all(isinstance(text, str) for text in (*texts, *lists, *(m.sha256 for m in manifest.members.values()))):
        raise ValueError("a text is missing")
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise ValueError("a number is missing")
    return manifest
