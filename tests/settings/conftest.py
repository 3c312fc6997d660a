"""An installation with SKTM and "courier", a partner whose settings have a secret; its form is ``CourierSettings``."""

import importlib.metadata
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse
from wtforms import BooleanField, DateField, DecimalField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.api import SecretField, SelectChoice, SettingsForm
from core.application import build
from core.database.session import db
from core.database.urls import DatabaseUrls
from core.plugins.manifest import Plugin
from core.plugins.registry import ENTRY_POINT_GROUP, PluginRegistry, load_plugins
from core.testing import test_config

DISTRICT, KECAMATAN = "32.01", "32.01.15"
SKTM = importlib.metadata.EntryPoint("sktm", "plugins.sktm", ENTRY_POINT_GROUP)


class CourierSettings(SettingsForm):
    editors = ("kecamatan_supervisor", "village_head")

    sender = StringField("Nama pengirim", [InputRequired(), Length(max=20)], default="Puskesos")
    days = IntegerField("Hari tunggu", [InputRequired(), NumberRange(1, 30)], default=5)
    urgent = BooleanField("Kirim segera")
    channel = SelectField("Saluran", choices=[SelectChoice("wa", "WhatsApp"), SelectChoice("sms", "SMS")], default="wa")
    since = DateField("Sejak", [Optional()])
    price = DecimalField("Harga", [Optional()])
    token = SecretField("Kunci akses", [Optional(), Length(min=8)])


def made(name: str, **manifest: object) -> importlib.metadata.EntryPoint:
    module = ModuleType(f"set_{name}")
    vars(module)["plugin"] = Plugin(
        name=name,
        title=name.title(),
        summary="-",
        version="1",
        api="1",
        **manifest,  # pyright: ignore[reportArgumentType]
    )
    sys.modules[module.__name__] = module
    return importlib.metadata.EntryPoint(name, module.__name__, ENTRY_POINT_GROUP)


def registry() -> PluginRegistry:
    entry_points = [SKTM, made("courier", settings=CourierSettings), made("plain")]
    return load_plugins(strict=True, disabled=frozenset(), entry_points=entry_points)


Start = Callable[..., Flask]


@pytest.fixture(scope="module")
def start(database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """``start()`` is one more process of the installation, on the same database; arguments are its settings."""
    started: list[Flask] = []
    data_dir = tmp_path_factory.mktemp("data")

    def start(**config: object) -> Flask:
        application = build(replace(test_config(data_dir), **config), database_urls.app, registry())  # pyright: ignore[reportArgumentType]
        application.testing = True
        application.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
        started.append(application)
        return application

    yield start
    for application in started:
        with application.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def app(start: Start) -> Flask:
    return start()


# What a browser sends of the form when nothing in it was touched.
UNTOUCHED = {"sender": "Puskesos", "days": "5", "channel": "wa", "since": "", "price": "", "token": ""}


def fingerprint(client: FlaskClient, area: str, plugin: str = "courier") -> str:
    found = re.search(r'name="fingerprint" value="([0-9a-f]+)"', client.get(f"/{area}/settings/{plugin}").text)
    return found[1] if found else ""


def save(client: FlaskClient, area: str, seen: str | None = None, **values: object) -> TestResponse:
    """Fill in the courier's page of an area and send it; what is not given is sent as ``UNTOUCHED``."""
    data = {"fingerprint": fingerprint(client, area) if seen is None else seen, **UNTOUCHED, **values}
    return client.post(f"/{area}/settings/courier", data=data)
