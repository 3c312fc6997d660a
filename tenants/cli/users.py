"""`puskesos users`: accounts and roles from the terminal."""

from datetime import date, datetime

import click
from sqlalchemy import func, select

from core.areas.code import AreaCode
from core.areas.models import Area
from core.audit import record
from core.clock import now, today
from core.database.session import commit, db, scope
from core.database.uuid7 import uuid7
from core.platform import platform
from core.users import invitations, sessions, two_step
from core.users.accounts import (
    create_user,
    end_account,
    find_user,
    grant,
    reopen_account,
    reset_password,
    revoke,
)
from core.users.administration import move_membership, unlock_user
from core.users.delegation import Post
from core.users.identity import locked
from core.users.models import Membership, User
from core.users.permissions import ROLES
from core.users.targets import is_over
from tenants.running import application

from .parameters import AREA, DAY, provisioned
from .table import print_table

username = click.argument("username", metavar="NAMA_PENGGUNA")
role_choice = click.Choice(list(ROLES))
area_option = click.option("--area", "code", type=AREA, required=True, help="Wilayah tugas, misalnya 32.01.15.2008.")
until_option = click.option("--until", type=DAY, metavar="TTTT-BB-HH", help="Hari terakhir bertugas.")


@click.group("users", help="Mengelola akun dan perannya.")
def users() -> None:
    pass


@users.command("list", help="Daftar akun, perannya, dan keadaannya.")
@click.option("--area", "code", type=AREA, help="Hanya yang bertugas di wilayah ini atau di bawahnya.")
def list_users(code: AreaCode | None) -> None:
    query = (
        select(User, Membership.role, Membership.until, Area.code)
        .outerjoin(Membership, Membership.user_id == User.id)
        .outerjoin(Area, Area.id == Membership.area_id)
        .order_by(Area.id.nulls_first(), func.lower(User.username))
    )
    if code:
        query = query.where(Area.id.between(code.id, code.hi))
    with application():
        rows = db.session.execute(query).all()
        if not rows:
            click.echo("Belum ada akun. Buat dengan: puskesos users create, atau puskesos tenants apply")
            return
        headers = ("nama pengguna", "nama", "peran", "wilayah", "sampai", "keadaan")
        lines = [
            (
                row.User.username,
                row.User.name,
                row.role or "–",
                row.code or "–",
                str(row.until or "–"),
                _state(row.User),
            )
            for row in rows
        ]
        print_table(headers, lines)


def _state(user: User) -> str:
    if user.ended_at is not None:
        return "diakhiri"
    if locked(user, now()):
        return "terkunci"
    return "contoh" if user.is_demo else "aktif"


@users.command("create", help="Membuat akun dan memberinya satu peran. Kata sandi sekali pakai ditampilkan sekali.")
@username
@click.option("--invite", "by_link", is_flag=True, help="Tautan undangan sebagai ganti kata sandi sekali pakai.")
@click.option("--name", required=True, help="Nama orangnya.")
@click.option("--role", type=role_choice, required=True)
@area_option
@until_option
def create(*, username: str, name: str, role: str, code: AreaCode, until: datetime | None, by_link: bool) -> None:
    with application(), scope(code):
        area = provisioned(code)
        user, password = create_user(username, name)
        grant(user, code, role, _day(until))
        record("users.created", "user", user.id, username=user.username)
        record("users.granted", "user", user.id, area=str(code), role=role)
        token = invitations.invite(user, uuid7()) if by_link else None
        commit()
        click.echo(f"Akun {user.username} dibuat: {ROLES[role].title} di {area.title}.")
        _print_link(token) if token else _print_password(password)


@users.command("invite", help="Membuat tautan undangan: orangnya membuat kata sandinya sendiri. Tautan lama batal.")
@username
def invite(username: str) -> None:
    with application():
        user = find_user(username)
        token = invitations.invite(user, uuid7())
        commit()
        _print_link(token)


@users.command("reset", help="Memberi kata sandi sekali pakai yang baru dan membuka kunci akun.")
@username
def reset(username: str) -> None:
    with application():
        user = find_user(username)
        password = reset_password(user)
        record("users.reset", "user", user.id)
        commit()
        click.echo(f"Kata sandi {user.username} diganti; semua sesinya ditutup.")
        _print_password(password)


@users.command("grant", help="Memberi peran di satu wilayah, atau mengubah hari terakhirnya.")
@username
@click.argument("role", metavar="PERAN", type=role_choice)
@area_option
@until_option
def grant_role(username: str, role: str, code: AreaCode, until: datetime | None) -> None:
    with application(), scope(code):
        area, user = provisioned(code), find_user(username)
        changed = grant(user, code, role, _day(until))
        if changed:
            record("users.granted", "user", user.id, area=str(code), role=role, until=str(_day(until) or ""))
        commit()
        click.echo(f"{user.username}: {ROLES[role].title} di {area.title}{'' if changed else ' (sudah begitu)'}.")


@users.command("revoke", help="Mencabut satu peran di satu wilayah.")
@username
@click.argument("role", metavar="PERAN", type=role_choice)
@area_option
def revoke_role(username: str, role: str, code: AreaCode) -> None:
    with application(), scope(code):
        user = find_user(username)
        if not revoke(user, code, role):
            raise click.ClickException(f"{user.username} tidak memegang {role} di {code}. Lihat: puskesos users list")
        record("users.revoked", "user", user.id, area=str(code), role=role)
        commit()
        click.echo(f"{user.username} tidak lagi memegang {role} di {code}.")


@users.command("move", help="Memindahkan: peran di satu wilayah berakhir, yang baru mulai sehari sesudahnya.")
@username
@click.argument("role", metavar="PERAN", type=role_choice)
@click.option("--from", "old", type=AREA, required=True, help="Wilayah tugas sekarang.")
@click.option("--to", "new", type=AREA, required=True, help="Wilayah tugas yang baru.")
@click.option("--new-role", type=role_choice, help="Peran di sana, bila lain.")
@click.option("--since", type=DAY, metavar="TTTT-BB-HH", help="Hari pertama di sana; hari ini bila tidak disebut.")
@until_option
def move(
    *,
    username: str,
    role: str,
    old: AreaCode,
    new: AreaCode,
    new_role: str | None,
    since: datetime | None,
    until: datetime | None,
) -> None:
    with application(), scope(new):
        area, user = provisioned(new), find_user(username)
        held = db.session.scalar(
            select(Membership).where(
                Membership.user_id == user.id, Membership.area_id == old.id, Membership.role == role
            )
        )
        if held is None or is_over(held):
            raise click.ClickException(f"{user.username} tidak memegang {role} di {old}. Lihat: puskesos users list")
        first = _day(since) or today()
        move_membership(user, held, Post(new, new_role or role), since=first, until=_day(until))
        commit()
        click.echo(f"{user.username}: {ROLES[new_role or role].title} di {area.title} mulai {first}.")


@users.command("end", help="Mengakhiri akun: tidak dapat masuk lagi; jejak kerjanya tetap.")
@username
@click.confirmation_option(prompt="Akun ini tidak akan dapat masuk lagi. Lanjutkan?", help="Tanpa bertanya.")
def end(username: str) -> None:
    with application():
        user = find_user(username)
        end_account(user)
        record("users.ended", "user", user.id)
        commit()
        click.echo(f"Akun {user.username} diakhiri.")


@users.command("unlock", help="Membuka akun yang terkunci karena salah kata sandi; kata sandinya tetap.")
@username
def unlock(username: str) -> None:
    with application():
        user = find_user(username)
        unlock_user(user)
        commit()
        click.echo(f"Akun {user.username} tidak terkunci.")


@users.command("reopen", help="Membuka lagi akun yang sudah diakhiri, dengan kata sandi yang lama.")
@username
def reopen(username: str) -> None:
    with application():
        user = find_user(username)
        reopen_account(user)
        record("users.reopened", "user", user.id)
        commit()
        click.echo(f"Akun {user.username} dibuka lagi.")


@users.command("sessions", help="Perangkat tempat akun ini sedang masuk, atau mengakhirinya.")
@username
@click.option("--end", "ending", is_flag=True, help="Akhiri semuanya.")
def list_sessions(username: str, ending: bool) -> None:
    with application():
        user = find_user(username)
        if ending:
            count = sessions.end_sessions(user.id)
            commit()
            click.echo(f"{count} sesi {user.username} diakhiri.")
            return
        found = sessions.sessions_of(user.id)
        if not found:
            click.echo(f"{user.username} tidak sedang masuk di mana pun.")
            return
        lines = [(item.browser, item.address or "–", f"{item.since:%Y-%m-%d %H.%M} UTC") for item in found]
        print_table(("peramban", "alamat", "sejak"), lines)


@users.command("totp-reset", help="Menghapus langkah kedua: ponselnya hilang, atau kuncinya tidak terbaca lagi.")
@click.argument("username", metavar="NAMA_PENGGUNA", required=False)
@click.option("--unreadable", is_flag=True, help="Semua yang tidak terbaca lagi, sesudah SECRET_KEY diganti.")
def reset_two_step(username: str | None, unreadable: bool) -> None:
    if bool(username) == unreadable:
        raise click.UsageError("Sebut satu nama pengguna, atau --unreadable.")
    with application():
        ids = two_step.unreadable() if unreadable else [find_user(username or "").id]
        accounts = [db.session.get_one(User, user_id) for user_id in ids]
        done = [user.username for user in accounts if two_step.reset(user)]
        for user in accounts:
            if user.username in done:
                record("users.two_step_reset", "user", user.id)
        commit()
        click.echo(f"Langkah kedua dihapus: {', '.join(done) or '–'}.")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _print_password(password: str) -> None:
    click.echo(f"Kata sandi sekali pakai: {password}")
    click.echo("Sampaikan langsung kepada orangnya; ia tidak ditampilkan lagi dan diganti saat masuk pertama.")


def _print_link(token: str) -> None:
    base = platform().config.base_url or "https://ALAMAT-PUSKESOS"
    click.echo(f"Tautan undangan: {base}/invitation/{token}")
    click.echo(f"Berlaku {invitations.VALID_FOR.days} hari, sekali pakai; ia tidak ditampilkan lagi.")
