"""The plugin's pages: those of a village, and those of the Dinas Sosial and others who oversee villages.

Sessions and their people are the district's own rows. A page reads and writes them in the scope of those rows alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint

from core.api import OwnRows, district_of, here, scope

bp = Blueprint("training", __name__)
wide = Blueprint("training-wide", __name__)


@contextmanager
def district_rows() -> Iterator[int]:
    """Work in the district's own rows; gives the district's id."""
    district = district_of(here())
    with scope(OwnRows(district.id)):
        yield district.id


from . import certificate, people, planning, session, village  # noqa: E402, F401 - they put their pages on them
