"""An area's code as an argument of a command, typed at the edge."""

from typing import Any

import click

from .code import AreaCode, Level


class CodeParameter(click.ParamType):
    """``32.01.15.2008``, or the code of a wider area where a command takes one."""

    name = "kode"

    def __init__(self, *, wide: bool) -> None:
        self.wide = wide

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> AreaCode:
        try:
            code = value if isinstance(value, AreaCode) else AreaCode.parse(value)
        except ValueError:
            example = "32.01.15.2008 atau 32.01" if self.wide else "32.01.15.2008"
            self.fail(f"{value!r} bukan kode wilayah. Tulis seperti {example}.", param, ctx)
        if code.level != Level.VILLAGE and not self.wide:
            self.fail(f"{code} bukan kode desa. Tulis seperti 32.01.15.2008.", param, ctx)
        return code


AREA_CODE = CodeParameter(wide=True)
VILLAGE_CODE = CodeParameter(wide=False)
