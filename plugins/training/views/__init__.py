"""The plugin's pages: those of a village, and those of the Dinas Sosial and others who oversee villages.

Sessions and their people are the district's own rows. A page reads and writes them in the scope of those rows alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, abort, current_app, request

from core.api import OwnRows, district_of, here, scope

bp = Blueprint("training", __name__)
wide = Blueprint("training-wide", __name__)


@contextmanager
def district_rows() -> Iterator[int]:
    """Work in the district's own rows; gives the district's id."""
    district = district_of(here())
    with scope(OwnRows(district.id)):
        yield district.id


@wide.before_request
def only_in_the_district() -> None:
    """Trainings are the district's: whoever may plan them in a kecamatan alone may not plan them for all."""
    view = current_app.view_functions[request.endpoint or ""]
    if view.__dict__["permission"] == "training.manage" and here().id != district_of(here()).id:
        abort(404)


from . import certificate, people, planning, session, village  # noqa: E402, F401 - they put their pages on them
