"""The forms that stand on a page, and what a browser would send with them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any


@dataclass
class FoundField:
    name: str
    kind: str
    value: str
    longest: int | None = None

    @property
    def is_text(self) -> bool:
        return self.kind in ("text", "search", "textarea", "tel")


@dataclass
class FoundForm:
    """``action`` is the address as it stands there; empty when the form goes to its own page."""

    action: str
    method: str
    fields: list[FoundField] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        """What stands in it; of several values under one name all."""
        sent: dict[str, Any] = {}
        for item in self.fields:
            sent.setdefault(item.name, []).append(item.value)
        return sent


# What is sent for an empty field that asks for something.
EXAMPLES = {"date": "2026-01-05", "number": "1", "time": "09:00", "month": "2026-01", "tel": "081200000000"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[FoundForm] = []
        self._form: FoundForm | None = None
        self._select: FoundField | None = None
        self._textarea: FoundField | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = FoundForm(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "option" and self._select and given.get("value"):
            if not self._select.value or "selected" in given:
                self._select.value = given["value"]
        elif given.get("name") and tag in ("input", "select", "textarea", "button"):
            self._add(self._form, tag, given)

    def _add(self, form: FoundForm, tag: str, given: dict[str, str]) -> None:
        kind = {"input": given.get("type", "text")}.get(tag, tag)
        if kind == "file":
            return
        longest = int(given["maxlength"]) if given.get("maxlength", "").isdigit() else None
        found = FoundField(given["name"], kind, given.get("value", "") or EXAMPLES.get(kind, ""), longest)
        # One button is pressed, and one choice made: the first.
        if kind in ("submit", "button", "radio") and any(item.name == found.name for item in form.fields):
            return
        form.fields.append(found)
        if tag == "select":
            self._select = found
        if tag == "textarea":
            self._textarea = found

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._textarea.value += data.strip("\n")


def forms_in(html: str) -> Iterator[FoundForm]:
    reader = _Reader()
    reader.feed(html)
    yield from reader.forms
