"""Archives taken apart and put together again with something changed."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

Edit = Callable[[bytes], bytes]


def members_of(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def manifest_of(path: Path) -> dict:
    return json.loads(members_of(path)["manifest.json"])


def write(path: Path, members: Mapping[str, bytes]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def changed(source: Path, target: Path, name: str, edit: Edit, *, honest: bool = True) -> Path:
    """A copy in which one member is another; ``honest``: with a manifest that agrees with it."""
    members = members_of(source)
    members[name] = edit(members.get(name, b""))
    if honest and name != "manifest.json":
        manifest = json.loads(members["manifest.json"])
        content = members[name]
        manifest["members"][name] = {
            "rows": content.count(b"\n"),
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        members["manifest.json"] = json.dumps(manifest).encode()
    return write(target, members)


def in_manifest(edit: Callable[[dict], None]) -> Edit:
    def apply(raw: bytes) -> bytes:
        content = json.loads(raw)
        edit(content)
        return json.dumps(content).encode()

    return apply


def in_rows(edit: Callable[[dict], None]) -> Edit:
    """The edit made to each row."""

    def apply(raw: bytes) -> bytes:
        rows = [json.loads(line) for line in raw.splitlines()]
        for row in rows:
            edit(row)
        return b"".join(json.dumps(row).encode() + b"\n" for row in rows)

    return apply
