"""`puskesos plugins settings`: a module's settings in one area, with their origin, and changing them."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import click
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field

from core.areas.code import AreaCode, Level
from core.areas.models import Area
from core.areas.modules import check_installed
from core.database.session import commit, db, scope
from core.platform import platform
from core.settings.changing import change_settings, hold_settings
from core.settings.form import SettingsForm, is_secret
from core.settings.page import Sent, SettingsPage, SettingState, complete, read_page, wish_of
from tenants.running import application

from .parameters import AREA, provisioned
from .problems import Problem
from .table import print_table

YES, NO = ("ya", "y", "yes", "true", "1"), ("tidak", "t", "n", "no", "false", "0", "")


@dataclass(frozen=True)
class Asked:
    """What the command line says about the settings of one area, by their names."""

    values: dict[str, list[str]]
    secret: str | None
    unset: frozenset[str]
    lock: frozenset[str]
    unlock: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        return frozenset({*self.values, *self.unset, *self.lock, *self.unlock, *([self.secret] if self.secret else [])})


@click.command("settings", help="Pengaturan satu modul di satu wilayah: melihat asalnya, mengubah, mengunci.")
@click.argument("module", metavar="MODUL")
@click.option("--area", "code", type=AREA, help="Misalnya 32.01.15.2008; tanpa ini satu-satunya kabupaten.")
@click.option("--set", "given", metavar="NAMA=NILAI", multiple=True, help="Mengatur di sini; ulangi untuk banyak.")
@click.option("--unset", metavar="NAMA", multiple=True, help="Mengikuti wilayah di atasnya lagi.")
@click.option("--secret", metavar="NAMA", help="Mengisi satu rahasia; nilainya dibaca dari masukan standar.")
@click.option("--lock", metavar="NAMA", multiple=True, help="Wilayah di bawahnya tidak dapat mengubah.")
@click.option("--unlock", metavar="NAMA", multiple=True, help="Wilayah di bawahnya boleh menyimpang lagi.")
def settings(
    module: str, code: AreaCode | None, given: Sequence[str], secret: str | None, **named: Sequence[str]
) -> None:
    asked = Asked(_values(given), secret, *(frozenset(named[kind]) for kind in ("unset", "lock", "unlock")))
    with application():
        area = provisioned(code or _only_district())
        form_class = _form_of(module)
        _check_names(form_class(), asked)
        with scope(area):
            if asked.names:
                _change(area.interval, module, form_class, asked)
            click.secho(f"{module} di {area.title} ({area.code})", bold=True)
            page = read_page(area.interval, module, form_class)
            rows = [_row(state, page) for state in page.states.values()]
            print_table(("pengaturan", "nilai", "asal", "keterangan"), rows)


def _values(given: Sequence[str]) -> dict[str, list[str]]:
    """Several of one name are the choices of a field that takes several."""
    values: dict[str, list[str]] = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals:
            raise click.UsageError(f"--set {pair}: tulis seperti --set nama=nilai.")
        values.setdefault(name, []).append(value)
    return values


def _only_district() -> AreaCode:
    found = db.session.scalars(select(Area.id).where(Area.level == Level.DISTRICT)).all()
    if len(found) != 1:
        raise click.UsageError("Sebutkan wilayahnya dengan --area, misalnya --area 32.01.")
    return AreaCode.from_id(found[0])


def _form_of(module: str) -> type[SettingsForm]:
    check_installed(module)
    form_class = platform().plugins.plugins[module].settings
    if form_class is None:
        raise Problem(f"Modul {module} tidak punya pengaturan.")
    return form_class


def _check_names(form: SettingsForm, asked: Asked) -> None:
    for name in sorted(asked.names):
        if name not in form:
            raise Problem(f"Tidak ada pengaturan {name!r}. Yang ada: {', '.join(field.name for field in form)}.")
    for name in asked.values:
        if is_secret(form[name]):
            raise Problem(
                f"{name} rahasia, dan baris perintah dapat dibaca orang lain. Pakai --secret {name}; nilainya dibaca"
                " dari masukan standar."
            )
    if asked.secret and not is_secret(form[asked.secret]):
        raise Problem(f"{asked.secret} bukan rahasia. Pakai --set {asked.secret}=NILAI.")


def _secret(name: str) -> str:
    """Asked without an echo at a terminal, else the first line of what is piped in."""
    value = click.prompt(name, hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    if not value.strip():
        raise Problem(f"Tidak ada nilai untuk {name} di masukan standar.")
    return value


def _change(area: AreaCode, module: str, form_class: type[SettingsForm], asked: Asked) -> None:
    hold_settings()
    page = read_page(area, module, form_class)
    _refuse_locked(page, asked.names)
    form = form_class()
    values = {name: [_yes_or_no(form[name], value) for value in given] for name, given in asked.values.items()}
    if asked.secret:
        values[asked.secret] = [_secret(asked.secret)]
    locked = {name for name, state in page.states.items() if state.own and state.own.locked}
    data = MultiDict((name, value) for name, given in values.items() for value in given)
    sent = Sent(form_class(data), asked.unset, frozenset((locked | asked.lock) - asked.unlock))
    if not complete(page, sent, frozenset(values)):
        wrong = [f"  {field.name}: {' '.join(map(str, field.errors))}" for field in sent.form if field.errors]
        raise Problem("\n".join(["Tidak diubah:", *wrong, *map(str, sent.form.form_errors)]))
    changed = change_settings(area, module, wish_of(page, sent, frozenset(values)))
    commit()
    click.echo("Berlaku sejak sekarang." if changed else "Sudah seperti itu; tidak ada yang diubah.")


def _yes_or_no(field: Field, value: str) -> str:
    """What a tick box would send; any other field's value as it is."""
    if not isinstance(field, BooleanField):
        return value
    if value.lower() not in (*YES, *NO):
        raise Problem(f"{field.name} hanya ya atau tidak, bukan {value!r}.")
    return "y" if value.lower() in YES else ""


def _refuse_locked(page: SettingsPage, named: frozenset[str]) -> None:
    locks = {name: page.states[name].locked_by for name in sorted(named)}
    told = [f"{name} ({AreaCode.from_id(area_id)})" for name, area_id in locks.items() if area_id is not None]
    if told:
        raise Problem(f"Tidak diubah: dikunci wilayah di atasnya: {', '.join(told)}.")


def _row(state: SettingState, page: SettingsPage) -> tuple[str, str, str, str]:
    if state.source is None:
        return state.name, state.text or "–", "belum terisi" if state.secret else "bawaan modul", state.label
    text = "(terisi)" if state.secret else state.text or "–"
    if state.unreadable:
        text = "(tidak dapat dibuka lagi: isi ulang)"
    at = AreaCode.from_id(state.source.area_id)
    where = "di sini" if at == page.area else str(at)
    locked = f", dikunci {AreaCode.from_id(state.locked_by)}" if state.locked_by is not None else ""
    locked = ", terkunci" if state.own and state.own.locked else locked
    since = f" sejak {state.source.set_at:%Y-%m-%d} oleh {state.source.user_name}"
    return state.name, text, f"{where}{since}{locked}", state.label
