"""The fields of the matrix and the settings behind them, in words."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _

from core.areas.code import AreaCode, Level
from core.enablement import Setting
from core.platform import platform

from .matrix import Box


def module_title(name: str) -> str:
    """What people call a module; its name where it is not installed any more."""
    plugin = platform().plugins.plugins.get(name)
    return str(plugin.title) if plugin else name


def setting_text(setting: Setting | None) -> str:
    """A setting itself, without what it does: on, off, none; locked or not."""
    if setting is None:
        return _("mengikuti wilayah di atasnya")
    state = _("menyala") if setting.enabled else _("mati")
    return _("%(state)s, terkunci", state=state) if setting.locked else state


class Words:
    """What a page says of its boxes; the texts are looked up once a page and not once a box."""

    def __init__(self, titles: Mapping[int, str]) -> None:
        self._titles = titles
        self._on, self._off = _("menyala"), _("mati")
        self._here, self._never = _("diatur di sini"), _("belum pernah diatur")
        self._levels = {
            Level.PROVINCE: _("prov."),
            Level.DISTRICT: _("kab."),
            Level.KECAMATAN: _("kec."),
        }
        self._short_here = _("di sini")

    def area(self, area_id: int) -> str:
        return self._titles.get(area_id) or str(AreaCode.from_id(area_id))

    def state(self, box: Box) -> str:
        return self._on if box.enabled else self._off

    def short(self, box: Box) -> str:
        """Where the value comes from, in a word that fits under the box."""
        if box.origin is None:
            return "–"
        return self._short_here if box.set_here else self._levels[AreaCode.from_id(box.origin).level]

    def origin(self, box: Box) -> str:
        if box.origin is None:
            return self._never
        return self._here if box.set_here else _("dari %(area)s", area=self.area(box.origin))

    def remarks(self, box: Box) -> list[str]:
        """What else has to be known of a box."""
        found = []
        if box.locked_above and box.locked_by is not None:
            found.append(_("dikunci %(area)s", area=self.area(box.locked_by)))
            if box.own is not None:
                found.append(_("pengaturan di sini (%(state)s) tidak berlaku", state=setting_text(box.own)))
        elif box.locked_by is not None:
            found.append(_("terkunci untuk wilayah di bawahnya"))
        if box.stopped:
            found.append(_("dihentikan sementara"))
        elif box.enabled and not box.runs:
            found.append(_why_idle(box))
        return found

    def whole(self, box: Box) -> str:
        """All of it in one line, for whoever does not see the colours."""
        return ", ".join([self.state(box), self.origin(box), *self.remarks(box)])


def _why_idle(box: Box) -> str:
    if box.missing:
        return _("tidak berjalan karena membutuhkan %(modules)s", modules=module_titles(box.missing))
    return _("tidak berjalan karena tidak boleh bersama %(modules)s", modules=module_titles(box.against))


def module_titles(names: Iterable[str]) -> str:
    return ", ".join(module_title(name) for name in names)
