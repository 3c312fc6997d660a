"""A plugin's pages for a kecamatan or kabupaten: there where it is on in a village inside, and in that menu only."""

from typing import Any

import pytest
from flask import Blueprint, Flask, request

from core.api import Area, MenuItem, Panel, Permission, here, machine, public, requires
from core.testing import DISTRICT, SIBLING, VILLAGE, SignInAs, switch
from tests.plugins.conftest import Start

KECAMATAN = VILLAGE[:8]
READ = Permission("alms.read", "Melihat sedekah", ("district_officer", "village_staff", "kecamatan_supervisor"))


def village_pages() -> Blueprint:
    bp = Blueprint("alms", __name__)
    bp.get("/")(requires("alms.read")(index))
    return bp


def index() -> str:
    return f"sedekah {here().code}"


def wide_pages() -> Blueprint:
    bp = Blueprint("alms-wide", __name__)
    bp.get("/")(requires("alms.read")(index))
    bp.get("/open")(public(open_to_all))
    bp.post("/hook")(machine(told_by_machine))
    bp.post("/form")(public(sent_by_a_form))
    return bp


def open_to_all() -> str:
    return f"terbuka {here().code}"


def told_by_machine() -> str:
    return request.get_data(as_text=True)


def sent_by_a_form() -> str:
    return "diterima"


def menu() -> list[MenuItem]:
    return [
        MenuItem(label="Sedekah desa", endpoint="alms.index", permission="alms.read"),
        MenuItem(label="Sedekah kabupaten", endpoint="alms-wide.index", permission="alms.read"),
    ]


HOOKS: dict[str, Any] = {
    "blueprint": village_pages,
    "wide_blueprint": wide_pages,
    "permissions": lambda: [READ],
    "menu_items": menu,
}
