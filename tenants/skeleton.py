"""Writing the first files of somebody's plugin: a skeleton, with the plugin's own name in the place of ours.

A skeleton under ``skeletons/`` is a whole plugin called "newplugin", with the title "Newplugin".
"""

import importlib.metadata
import shutil
import tempfile
from pathlib import Path

from core.plugins.manifest import NAME, RESERVED_NAMES
from core.plugins.registry import ENTRY_POINT_GROUP

SKELETONS = Path(__file__).parent / "skeletons"
KINDS = ("programme", "partner", "panel")
LONGEST_TITLE = 40
# What would end a text of Python, TOML, Jinja or gettext, or begin something else in it.
UNFIT_FOR_TITLE = frozenset('"\\%{}<>#`\n\r\t')
LEFT_BEHIND = ("__pycache__", "*.pyc", ".*_cache", "*.egg-info", "var")


class SkeletonError(Exception):
    """Why no plugin can be written here; the message says what to choose instead."""


def write_plugin(kind: str, name: str, title: str, parent: Path) -> Path:
    """Write a plugin's project into a new folder of ``parent``, wholly or not at all. Returns the folder.

    Args:
        kind: one of ``KINDS``.
        name: of the plugin, as in its entry point.
        title: what people call it, in Indonesian.

    Raises:
        SkeletonError: the name, the title or the folder cannot be used.
    """
    check_name(name)
    check_title(title)
    folder = parent / project_name(name)
    if folder.exists():
        raise SkeletonError(f"{folder.name} sudah ada di sini. Pakai nama lain, atau pindahkan folder itu lebih dulu.")
    with tempfile.TemporaryDirectory(dir=parent, prefix=".puskesos-") as unfinished:
        project = Path(shutil.copytree(SKELETONS / kind, Path(unfinished) / folder.name, ignore=_left_behind))
        _rename(project, {"puskesos-newplugin": folder.name, "newplugin": name, "Newplugin": title})
        project.rename(folder)
    return folder


def project_name(plugin: str) -> str:
    """Of the distribution and its folder: "puskesos-bantuan-sekolah"."""
    return f"puskesos-{plugin.replace('_', '-')}"


def check_name(name: str) -> None:
    """Raises: SkeletonError: it is no name for a plugin, core's own, or taken."""
    if not NAME.fullmatch(name):
        raise SkeletonError(
            f"Nama “{name}” tidak dapat dipakai. Tulis 2 sampai 31 huruf kecil, angka, atau _, diawali huruf;"
            " misalnya: antrean"
        )
    if name in RESERVED_NAMES:
        raise SkeletonError(f"Nama “{name}” dipakai Puskesos sendiri. Pakai nama lain, misalnya: {name[:25]}_desa")
    for taken in sorted(importlib.metadata.entry_points(group=ENTRY_POINT_GROUP).names):
        if name == taken:
            raise SkeletonError(f"Nama “{name}” sudah dipakai modul yang terpasang. Pakai nama lain.")
        if taken.startswith(f"{name}_") or name.startswith(f"{taken}_"):  # so would the names of their tables
            raise SkeletonError(
                f"Nama “{name}” berawalan sama dengan modul “{taken}” yang terpasang, sehingga tabel keduanya tertukar."
                " Pakai nama lain."
            )


def check_title(title: str) -> None:
    """Raises: SkeletonError: it is empty, too long, or holds a sign that would end the text it stands in."""
    if not title.strip() or len(title) > LONGEST_TITLE:
        raise SkeletonError(f"Judul harus 1 sampai {LONGEST_TITLE} huruf.")
    if unfit := sorted(UNFIT_FOR_TITLE.intersection(title)):
        raise SkeletonError(f"Judul tidak boleh memuat {' '.join(map(repr, unfit))}.")


def _rename(project: Path, words: dict[str, str]) -> None:
    """Put ``words`` in the place of others, in every file and in the names of files and folders."""
    for path in sorted(project.rglob("*"), reverse=True):  # what lies in a folder before the folder
        if path.is_file():
            path.write_text(_replaced(path.read_text(encoding="utf-8"), words), encoding="utf-8")
        path.rename(path.with_name(_replaced(path.name, words)))


def _replaced(text: str, words: dict[str, str]) -> str:
    for old, new in words.items():
        text = text.replace(old, new)
    return text


def _left_behind(folder: str, names: list[str]) -> set[str]:
    """What installing and running leaves beside the files of a skeleton."""
    return shutil.ignore_patterns(*LEFT_BEHIND)(folder, names)
