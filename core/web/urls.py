"""Addresses carry the area: ``/32.01.15.2008/cases``. Two converters read it; ``core.web.gate`` decides about it."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Flask, current_app, g, has_request_context, request, url_for
from werkzeug.routing import BaseConverter, ValidationError

from core.areas.code import AreaCode

LOCAL_ADDRESS = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f]*")


class AreaConverter(BaseConverter):
    """An area of any level, as an :class:`AreaCode`."""

    regex = r"\d{2}(?:\.\d{2}(?:\.\d{2}(?:\.\d{4})?)?)?"
    part_isolating = True

    def to_python(self, value: str) -> AreaCode:
        try:
            return AreaCode.parse(value)
        except ValueError as error:
            raise ValidationError from error

    def to_url(self, value: Any) -> str:
        return str(value)


class VillageConverter(AreaConverter):
    """A village and nothing above it."""

    regex = r"\d{2}\.\d{2}\.\d{2}\.\d{4}"


class WideAreaConverter(AreaConverter):
    """A kecamatan, a district or more: what holds villages."""

    regex = r"\d{2}(?:\.\d{2}(?:\.\d{2})?)?"


LOCAL = "http://127.0.0.1:8000"


def public_url(endpoint: str, **values: Any) -> str:
    """The address as it stands on paper: under ``PUSKESOS_URL`` where that is set, else as this request was asked.

    Outside a request (the command line, the demonstration) ``values`` must have the area.
    """
    base = current_app.extensions["puskesos"].config.base_url
    if not has_request_context():
        return (base or LOCAL) + current_app.url_map.bind("").build(endpoint, values)
    return (base or request.url_root.rstrip("/")) + url_for(endpoint, **values)


def verify_address(area: object) -> str:
    """Where the QR codes of an area's letters lead; ``{token}`` stands for the letter's token."""
    return public_url("cases.verify", area=str(area), token="TOKEN").replace("TOKEN", "{token}")  # noqa: S106


def local_address(target: str | None) -> str | None:
    """Only an address of our own, never a door to elsewhere. Browsers read ``/\\`` as ``//`` and skip control signs."""
    return target if target and LOCAL_ADDRESS.fullmatch(target) else None


def with_query(address: str, **values: object) -> str:
    """An address with values in its query, in place of those of the same names."""
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in values]
    return urlunsplit(parts._replace(query=urlencode([*kept, *values.items()])))


def init_urls(app: Flask) -> None:
    app.url_map.converters.update(area=AreaConverter, village=VillageConverter, wide=WideAreaConverter)

    @app.url_defaults
    def keep_area(endpoint: str, values: dict[str, Any]) -> None:
        """``url_for`` stays in the area of the request unless told otherwise."""
        if "area" not in values and g and g.get("area") and app.url_map.is_endpoint_expecting(endpoint, "area"):
            values["area"] = g.area.code
