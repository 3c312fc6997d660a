"""Noticing what a page looks for in its address: its names stand nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict


@contextmanager
def names_asked_for(app: Flask) -> Iterator[set[str]]:
    """The names that requests in here look for in their query."""
    names: set[str] = set()

    class Asked(ImmutableMultiDict[str, str]):
        def __getitem__(self, key: str) -> Any:
            names.add(key)
            return super().__getitem__(key)

        def __contains__(self, key: object) -> bool:
            names.add(str(key))
            return super().__contains__(key)

        def get(self, key: str, *rest: Any, **options: Any) -> Any:
            names.add(key)
            return super().get(key, *rest, **options)

        def getlist(self, key: str, *rest: Any, **options: Any) -> Any:
            names.add(key)
            return super().getlist(key, *rest, **options)

    class CuriousRequest(Request):
        parameter_storage_class = Asked

    usual, app.request_class = app.request_class, CuriousRequest
    try:
        yield names
    finally:
        app.request_class = usual
