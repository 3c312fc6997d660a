"""What can be allowed, and which roles hold it. Plugins add permissions through the hook ``permissions``."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from core.areas.code import Level
from core.texts import lazy_gettext as _

View = TypeVar("View", bound=Callable)

PUBLIC = "public"
"""Declared by a view that anyone may open, without signing in."""

SIGNED_IN = "signed-in"
"""Declared by a view that every signed-in person may open, wherever they belong."""


@dataclass(frozen=True)
class Role:
    """A standing in an area. ``level`` is the highest at which it can be held."""

    key: str
    title: object
    level: Level


ROLES = {
    role.key: role
    for role in (
        Role("district_admin", _("Admin kabupaten"), Level.DISTRICT),
        Role("district_officer", _("Petugas Dinas Sosial"), Level.DISTRICT),
        Role("kecamatan_supervisor", _("Pendamping kecamatan (TKSK)"), Level.KECAMATAN),
        Role("village_head", _("Kepala desa"), Level.VILLAGE),
        Role("village_staff", _("Petugas puskesos"), Level.VILLAGE),
        Role("field_worker", _("Petugas lapangan (PSM, kader)"), Level.VILLAGE),
        Role("partner_officer", _("Petugas mitra"), Level.DISTRICT),
        Role("auditor", _("Auditor (hanya baca)"), Level.DISTRICT),
    )
}


@dataclass(frozen=True)
class Permission:
    """A name such as ``cases.write`` and the roles that hold it from the start."""

    name: str
    title: object
    roles: tuple[str, ...]


_OVERSEERS = ("district_officer", "kecamatan_supervisor", "auditor")
_VILLAGE = ("village_head", "village_staff", "field_worker")
_OFFICES = ("district_officer", "kecamatan_supervisor")

MANAGERS = ("district_admin", "village_head")
"""The roles that manage accounts; how far each may go is ``core.users.delegation``'s."""

CORE_PERMISSIONS = (
    Permission("area.view", _("Membuka halaman wilayah"), tuple(ROLES)),
    Permission(
        "profile.manage",
        _("Mengubah profil dan jam buka desa"),
        ("district_admin", "village_head", "village_staff"),
    ),
    Permission("people.read", _("Melihat warga dan keluarga"), (*_OVERSEERS, *_VILLAGE)),
    Permission("people.write", _("Mengubah data warga"), ("village_head", "village_staff")),
    Permission("people.nik", _("Membuka NIK lengkap (dicatat)"), ("district_officer", "village_head", "village_staff")),
    Permission("people.import", _("Mengimpor berkas penduduk"), ("village_head", "village_staff")),
    Permission("people.copy", _("Menyiapkan salinan data pribadi warga"), ("village_head", "village_staff")),
    Permission("people.erase", _("Menghapus data pribadi warga"), ("village_head",)),
    Permission("cases.read", _("Melihat kasus"), (*_OVERSEERS, *_VILLAGE)),
    Permission("cases.write", _("Membuka dan mengerjakan kasus"), ("village_head", "village_staff", "field_worker")),
    Permission("cases.export", _("Mengunduh daftar kasus"), ("village_head", "village_staff")),
    Permission("screening.run", _("Menapis seluruh desa"), ("village_head", "village_staff")),
    Permission("cases.decide", _("Menetapkan keputusan desa"), ("village_head",)),
    Permission("documents.read", _("Membuka berkas warga"), ("district_officer", "village_head", "village_staff")),
    Permission("letters.read", _("Melihat register surat"), (*_OVERSEERS, "village_head", "village_staff")),
    Permission("letters.issue", _("Mencetak surat"), ("village_head", "village_staff")),
    Permission("letters.sign", _("Menandatangani dan mencabut surat"), ("village_head",)),
    Permission("meetings.read", _("Melihat musdes dan keputusannya"), (*_OVERSEERS, "village_head", "village_staff")),
    Permission("meetings.write", _("Menyiapkan musdes dan mencatat keputusannya"), ("village_head", "village_staff")),
    Permission("meetings.decide", _("Menutup musdes dan membukanya kembali"), ("village_head",)),
    Permission("referrals.read", _("Melihat rujukan"), (*_OVERSEERS, *_VILLAGE)),
    Permission("referrals.write", _("Merujuk warga dan mencatat umpan baliknya"), _VILLAGE),
    Permission("referrals.answer", _("Menjawab rujukan yang masuk"), ("partner_officer", *_OFFICES)),
    Permission("organisations.manage", _("Mengelola lembaga mitra"), ("district_admin",)),
    Permission("modules.read", _("Melihat modul dan keadaannya"), ("district_admin", "auditor", *_OFFICES)),
    Permission("modules.manage", _("Menyalakan dan mematikan modul"), ("district_admin",)),
    Permission(
        "settings.read",
        _("Melihat pengaturan modul"),
        ("district_admin", "auditor", *_OFFICES, "village_head", "village_staff"),
    ),
    Permission(
        "rules.read",
        _("Melihat nilai aturan dan asalnya"),
        ("district_admin", "auditor", *_OFFICES, "village_head", "village_staff"),
    ),
    Permission("rules.change", _("Menetapkan nilai aturan setempat"), ("district_admin",)),
    Permission("exports.read", _("Mengambil unduhan sendiri"), ("district_admin", "village_head", "village_staff")),
    Permission("villages.read", _("Melihat daftar desa"), ("district_admin", *_OVERSEERS)),
    Permission("villages.manage", _("Menambah, menangguhkan, dan mengarsipkan desa"), ("district_admin",)),
    Permission("audit.read", _("Membaca jejak audit"), ("district_admin", "auditor", "village_head")),
    Permission("jobs.manage", _("Melihat dan mengulang pekerjaan latar"), ("district_admin",)),
    Permission("users.read", _("Melihat siapa boleh berbuat apa"), (*MANAGERS, "auditor")),
    Permission("users.manage", _("Mengelola akun"), MANAGERS),
)


class PermissionTable:
    """All permissions of core and the loaded plugins, asked by role."""

    def __init__(self, permissions: Iterable[Permission]):
        self.permissions: Mapping[str, Permission] = {permission.name: permission for permission in permissions}
        self._by_role = {
            role: frozenset(p.name for p in self.permissions.values() if role in p.roles) for role in ROLES
        }

    def of_role(self, role: str) -> frozenset[str]:
        return self._by_role.get(role, frozenset())

    def __contains__(self, name: str) -> bool:
        return name in self.permissions


def requires(permission: str) -> Callable[[View], View]:
    """Declare what a view needs. A view that declares nothing stops the start (see ``core.web.gate``)."""

    def declare(view: View) -> View:
        view.__dict__["permission"] = permission
        return view

    return declare


def public(view: View) -> View:
    """Declare that a view is for everybody at all."""
    return requires(PUBLIC)(view)


def machine(view: View) -> View:
    """Declare that a view is for another system's messages: for everybody, and a POST needs no token of a form.

    A browser sends no cookie's worth here: the view proves by a signature who asks, before it does anything.
    """
    view.__dict__["for_machines"] = True
    return requires(PUBLIC)(view)


def is_for_machines(view: Callable) -> bool:
    return bool(view.__dict__.get("for_machines"))


def district_only(view: View) -> View:
    """Declare that a page of wide areas is the kabupaten's alone: in a kecamatan or a province it is not there."""
    view.__dict__["district_only"] = True
    return view


def is_district_only(view: Callable) -> bool:
    return bool(view.__dict__.get("district_only"))


def signed_in(view: View) -> View:
    """Declare that a view is for everybody who is signed in and works in the area."""
    return requires(SIGNED_IN)(view)


class UndeclaredView(Exception):
    """A view that does not say who may open it."""


def check_views(views: Mapping[str, Callable], permissions: PermissionTable) -> None:
    """Refuse views whose permission is missing or unknown.

    Args:
        views: by endpoint, as ``app.view_functions``.

    Raises:
        UndeclaredView: names every such view.
    """
    wrong = []
    for endpoint, view in sorted(views.items()):
        declared = getattr(view, "permission", None)
        if declared is None or (declared not in (PUBLIC, SIGNED_IN) and declared not in permissions):
            wrong.append(f"{endpoint} ({declared or 'nothing declared'})")
    if wrong:
        raise UndeclaredView("These views do not declare a known permission: " + ", ".join(wrong))
