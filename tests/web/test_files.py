"""Uploaded files lie where nobody but the application reads them."""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from core.files import FileStore


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def test_every_folder_of_the_store_is_for_the_application_alone(tmp_path: Path, open_umask: None) -> None:
    root = tmp_path / "var" / "files"
    sha256, _size = FileStore(root, 3201152008).save(BytesIO(b"%PDF-"), 100)
    folders = [root.parent, root, root / "3201152008", root / "3201152008" / sha256[:2]]
    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o700}


def test_a_folder_that_is_there_already_is_used_as_it_is(tmp_path: Path) -> None:
    store = FileStore(tmp_path, 3201152008)
    assert store.save(BytesIO(b"a"), 100) == store.save(BytesIO(b"a"), 100)
