"""A letter as PDF, made by typst from the plugin's template and our letterhead. Text is data, never markup."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import segno
import typst

from core.areas.current import CurrentArea
from core.clock import today
from core.platform import platform
from core.web.formats import long_date

from .signatory import head_title, signatory_name


class LetterTemplateError(Exception):
    """A plugin's template that typst cannot set; the message has typst's own words."""


@dataclass(frozen=True)
class LetterContent:
    """What stands in a letter. ``values`` are the plugin's, all plain text, and reach the template as ``data.values``.

    ``signatory`` is the name under the line; blank leaves it to the pen.
    """

    template: str
    title: str
    reference: str
    issued_on: date
    valid_until: date | None
    area: CurrentArea
    signatory: str
    values: Mapping[str, Any]
    verify_url: str


def render_letter(content: LetterContent) -> bytes:
    """The PDF: tagged for screen readers, with fonts inside, the same for the same content.

    Raises:
        LetterTemplateError: the template is missing or wrong.
    """
    own = {
        "reference": content.reference,
        "valid_until": long_date(content.valid_until, "id") if content.valid_until else None,
        "verify_url": content.verify_url,
        "qr": qr_svg(content.verify_url),
    }
    frame = _frame(content.area, content.title, content.issued_on, content.signatory, content.values)
    return _set(content.template, {**frame, **own})


def render_paper(area: CurrentArea, template: str, title: str, values: Mapping[str, Any]) -> bytes:
    """A paper that is no letter: it has neither number nor code and is not kept, such as a list to sign by hand.

    Args:
        template: as a letter's, with ``#show: paper``.
        values: what reaches it as ``data.values``: texts, and lists and mappings of texts.

    Raises:
        LetterTemplateError: the template is missing or wrong.
    """
    return _set(template, _frame(area, title, today(area.timezone), signatory_name(area, "village_head"), values))


def _set(template: str, data: Mapping[str, Any]) -> bytes:
    sources: Any = {"main.typ": _template(template), "letterhead.typ": _letterhead()}  # the stub knows one file only
    try:
        pdf = typst.compile(
            sources, sys_inputs={"data": json.dumps(data)}, ignore_system_fonts=True, pdf_standards="ua-1"
        )
    except typst.TypstError as error:
        raise LetterTemplateError(f"{template}: {error}") from error
    if not isinstance(pdf, bytes):
        raise LetterTemplateError(f"{template}: typst gave no document")
    return pdf


def _frame(area: CurrentArea, title: str, on: date, signatory: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": title,
        "issued_on": long_date(on, "id"),
        "village": {"title": area.title, "name": area.name, "path": area.path, "postal_code": area.postal_code},
        "head": head_title(area),
        "signatory": signatory,
        "values": dict(values),
    }


def qr_svg(text: str, *, scale: int = 4) -> str:
    """A QR code as SVG text, dark modules only: paper is white already."""
    target = io.BytesIO()
    segno.make(text, error="m").save(target, kind="svg", border=0, scale=scale, xmldecl=False)
    return target.getvalue().decode()


@cache
def _letterhead() -> bytes:
    return resources.files("core.cases").joinpath("letterhead.typ").read_bytes()


def _template(path: str) -> bytes:
    """``sktm/letter.typ`` stands in the templates folder of the plugin that the path begins with.

    Read for each letter, which costs a thousandth of setting it: kept for the process, the file of one application's
    plugins would be taken for another's.
    """
    source = platform().plugins.template_file(path)
    if source is None:
        raise LetterTemplateError(f"{path}: no such template")
    return source.read_bytes()
