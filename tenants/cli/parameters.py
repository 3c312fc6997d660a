"""Parameters that several commands take, typed at the edge."""

import click

from core.areas.code import AreaCode
from core.areas.code_parameter import AREA_CODE
from core.areas.current import CurrentArea, find_area

from .problems import Problem

AREA = AREA_CODE
DAY = click.DateTime(formats=["%Y-%m-%d"])


def provisioned(code: AreaCode) -> CurrentArea:
    """Raises: Problem: this installation does not serve the area."""
    area = find_area(code)
    if area is None:
        raise Problem(
            f"Wilayah {code} belum disiapkan di sini. Tambahkan ke berkas kabupaten, lalu: puskesos tenants apply"
        )
    return area
