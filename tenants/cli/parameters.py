"""Parameters that several commands take, typed at the edge."""

from typing import Any

import click

from core.areas.code import AreaCode
from core.areas.current import CurrentArea, find_area

from .problems import Problem


class AreaParameter(click.ParamType):
    name = "kode"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> AreaCode:
        if isinstance(value, AreaCode):
            return value
        try:
            return AreaCode.parse(value)
        except ValueError:
            self.fail(f"{value!r} bukan kode wilayah. Tulis seperti 32.01.15.2008 atau 32.01.", param, ctx)


AREA = AreaParameter()
DAY = click.DateTime(formats=["%Y-%m-%d"])


def provisioned(code: AreaCode) -> CurrentArea:
    """Raises: Problem: this installation does not serve the area."""
    area = find_area(code)
    if area is None:
        raise Problem(
            f"Wilayah {code} belum disiapkan di sini. Tambahkan ke berkas kabupaten, lalu: puskesos tenants apply"
        )
    return area
