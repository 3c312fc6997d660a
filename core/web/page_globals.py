"""The few functions that templates call besides the macros."""

from flask import Flask, g
from markupsafe import Markup

from core.areas.current import CurrentArea
from core.cases.answers import readable
from core.cases.letter_pdf import qr_svg

from .charts import bar_chart, line_chart
from .formats import area_today
from .urls import public_url


def here() -> CurrentArea:
    """The area of the request at hand."""
    return g.area


def my_permissions() -> frozenset[str]:
    """All that the person who asks may do in the area of the request."""
    return g.permissions


def init_page_globals(app: Flask) -> None:
    app.jinja_env.globals.update(
        bar_chart=bar_chart,
        line_chart=line_chart,
        readable=readable,
        today=area_today,
        public_url=public_url,
        qr=lambda text: Markup(qr_svg(text)),  # noqa: S704 - made by segno from modules, no text of ours in it
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
