"""`puskesos villages`: what a village tells the public of its office."""

from collections.abc import Mapping
from typing import Any

import click

from core.areas.code import AreaCode
from core.areas.current import CurrentArea
from core.database.session import commit, scope
from core.villages.opening_hours import Interval, UnreadableHours, read_closed, read_day, write_day
from core.villages.profile import TEXTS, Profile, profile_of, save_profile, with_changes
from core.web.formats import DAYS
from tenants.running import application

from .parameters import AREA, provisioned
from .problems import Problem
from .table import print_table

WEEKDAYS = [name.casefold() for name in DAYS["id"]]
LABELS = {
    "address": "alamat",
    "phone": "telepon",
    "whatsapp": "WhatsApp",
    "email": "surel",
    "complaints": "pengaduan",
}


class DayParameter(click.ParamType):
    """A weekday with its hours, such as ``rabu=08.00-14.00``; ``rabu=`` is a closed day."""

    name = "hari=jam"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, tuple]:
        day, _equals, hours = str(value).partition("=")
        if day.casefold() not in WEEKDAYS:
            self.fail(f"{day!r} bukan nama hari. Tulis seperti rabu=08.00-14.00.", param, ctx)
        return WEEKDAYS.index(day.casefold()), read_or_fail(hours)


def read_or_fail(hours: str) -> tuple[Interval, ...]:
    try:
        return read_day(hours)
    except UnreadableHours as error:
        raise click.UsageError(str(error)) from error


@click.group("villages", help="Jam buka, alamat, dan kontak desa di halaman layanan untuk warga.")
def villages() -> None:
    pass


@villages.command("show", help="Yang tertulis di halaman layanan satu desa.")
@click.option("--area", "code", type=AREA, required=True, help="Kode desa, misalnya 32.01.15.2008.")
def show(code: AreaCode) -> None:
    with application(), scope(code):
        area = village(code)
        tell(area, profile_of(area))


@villages.command("set", help="Mengubah yang disebut saja; yang lain tetap.")
@click.option("--area", "code", type=AREA, required=True, help="Kode desa, misalnya 32.01.15.2008.")
@click.option("--hours", type=DayParameter(), multiple=True, help="Misalnya rabu=08.00-14.00; rabu= berarti tutup.")
@click.option("--closed", multiple=True, help='Tanggal tutup dengan alasannya, misalnya "25-12-2026 Natal".')
@click.option("--address", help="Alamat kantor.")
@click.option("--phone", help="Telepon.")
@click.option("--whatsapp", help="WhatsApp.")
@click.option("--email", help="Surel.")
@click.option("--complaints", help="Kepada siapa warga menyampaikan keluhan.")
def set_profile(code: AreaCode, hours: tuple, closed: tuple[str, ...], **texts: str | None) -> None:
    with application(), scope(code):
        area = village(code)
        stored = profile_of(area)
        week = {**stored.hours.week, **dict(hours)}
        try:
            days = {**stored.hours.closed, **read_closed("\n".join(closed))}
        except UnreadableHours as error:
            raise Problem(str(error)) from error
        save_profile(area, with_changes(stored, week=week, closed=days, texts=given(texts)))
        commit()
        tell(area, profile_of(area))


def village(code: AreaCode) -> CurrentArea:
    """Raises: Problem: the code is not of a village that is served here."""
    area = provisioned(code)
    if not area.is_village:
        raise Problem(f"{area.title} bukan desa atau kelurahan. Sebut kode sepuluh angka, misalnya 32.01.15.2008.")
    return area


def given(texts: Mapping[str, str | None]) -> dict[str, str]:
    return {name: text.strip() for name, text in texts.items() if text is not None}


def tell(area: CurrentArea, profile: Profile) -> None:
    click.secho(f"{area.title} ({area.code})", bold=True)
    hours = [(day, write_day(profile.hours.week.get(number, ())) or "tutup") for number, day in enumerate(WEEKDAYS)]
    rows = hours if profile.hours.known else [("jam buka", "belum dicatat")]
    rows += [(f"tutup {day:%d-%m-%Y}", reason) for day, reason in profile.hours.closed.items()]
    rows += [(LABELS[name], getattr(profile, name) or "–") for name in TEXTS]
    print_table(("bagian", "isi"), rows)
