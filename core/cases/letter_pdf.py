"""A letter as PDF, made by typst from the plugin's template and our letterhead. Text is data, never markup."""

import io
import json
import re
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

# typst's words for a letter that no font has, which it may write as its number.
NOT_SHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
BLOCK = 256
MEETINGS = "meetings"


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


def render_paper(area: CurrentArea, template: str, title: str, values: Mapping[str, Any], *, code: str = "") -> bytes:
    """A paper that is no letter: it is in no register and not kept, such as a list to sign by hand or a receipt.

    Args:
        template: as a letter's, with ``#show: paper``.
        values: what reaches it as ``data.values``: texts, and lists and mappings of texts.
        code: what a QR code on it says, such as the address of a page for the staff; the template sets it by
            ``qr-code()`` where it wants it.

    Raises:
        LetterTemplateError: the template is missing or wrong.
    """
    frame = _frame(area, title, today(area.timezone), signatory_name(area, "village_head"), values)
    return _set(template, {**frame, "qr": qr_svg(code)} if code else frame)


def _set(template: str, data: Mapping[str, Any]) -> bytes:
    """What no font of ours has, such as an emoji from a phone, stands as "?": a whole letter must not fail over it."""
    sources: Any = {"main.typ": _template(template), "letterhead.typ": _letterhead()}  # the stub knows one file only
    text = json.dumps(data, ensure_ascii=False)
    while True:
        try:
            pdf = typst.compile(sources, sys_inputs={"data": text}, ignore_system_fonts=True, pdf_standards="ua-1")
        except typst.TypstError as error:
            readable = _without(text, str(error))
            if readable == text:
                raise LetterTemplateError(f"{template}: {error}") from error
            text = readable
        else:
            break
    if not isinstance(pdf, bytes):
        raise LetterTemplateError(f"{template}: typst gave no document")
    return pdf


def _without(text: str, complaint: str) -> str:
    """The data without the letters that typst cannot show; the same when it names none.

    It names one at a time, so those beside it in Unicode, which no font is likely to have either, go with it.
    """
    found = NOT_SHOWN.search(complaint)
    if found is None:
        return text
    unknown = ESCAPED.sub(lambda code: chr(int(code[1], 16)), found[1])
    blocks = {ord(letter) // BLOCK for letter in unknown} - {0}
    return "".join("?" if ord(letter) // BLOCK in blocks else letter for letter in text)


def _frame(area: CurrentArea, title: str, on: date, signatory: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": title,
        "issued_on": long_date(on, "id"),
        "village": {
            "title": area.title,
            "name": area.name,
            "path": area.path,
            "postal_code": area.postal_code,
            "wide": not area.is_village,
        },
        "head": head_title(area),
        "signatory": signatory,
        "values": dict(values),
    }


def qr_svg(text: str, *, scale: int = 4) -> str:
    """A QR code as SVG text, dark modules only: paper is white already."""
    target = io.BytesIO()
    # With a unit it has a viewBox: without one a page that makes it smaller would show a part of it.
    segno.make(text, error="m").save(target, kind="svg", border=0, scale=scale, xmldecl=False, unit="px")
    return target.getvalue().decode()


@cache
def _letterhead() -> bytes:
    return resources.files("core.cases").joinpath("letterhead.typ").read_bytes()


def _template(path: str) -> bytes:
    """``sktm/letter.typ`` stands in the templates folder of the plugin that the path begins with; core's own papers are
    those of a meeting.

    Read for each letter, which costs a thousandth of setting it: kept for the process, the file of one application's
    plugins would be taken for another's.
    """
    owner, _slash, name = path.partition("/")
    if owner == MEETINGS:
        return resources.files("core.meetings").joinpath(name).read_bytes()
    source = platform().plugins.template_file(path)
    if source is None:
        raise LetterTemplateError(f"{path}: no such template")
    return source.read_bytes()
