"""Indonesian first, English on request.

The texts in code are Indonesian; ``<package>/translations/en.po`` holds their English. WTForms' own messages are
English, so ``core/translations/id.po`` holds their Indonesian. Catalogues are read once a process and not compiled:
the repository keeps no binary twin that could differ from its text.
"""

from collections.abc import Iterable
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_app_context, has_request_context, session
from flask_babel import Babel, Domain, get_babel
from flask_babel.speaklater import LazyString
from flask_login import current_user
from markupsafe import Markup, escape

from core.areas.naming import of_kelurahan

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
DEFAULT = "id"
IN_KELURAHAN = "id-kelurahan"
"""A wording of its own: a kelurahan has a lurah."""


def _as_text(self: LazyString) -> Markup:
    return escape(str(self))


# Flask-Babel says of every lazy text that it is HTML already, and what was typed may stand in it.
LazyString.__html__ = _as_text


class ProcessDomain(Domain):
    """Flask-Babel's domain over catalogues that are read once a process instead of once a request."""

    def __init__(self, directories: Iterable[Path]):
        super().__init__()
        catalogues = {language: read_catalogue(tuple(directories), language) for language in LANGUAGES}
        self._catalogues = {**catalogues, IN_KELURAHAN: KelurahanTranslations(catalogues[DEFAULT])}

    def get_translations(self) -> NullTranslations:
        return self._catalogues[current_wording()]

    def translate(self, wording: str, text: str) -> str:
        return self._catalogues[wording].ugettext(text)


class KelurahanTranslations(NullTranslations):
    """Our Indonesian texts, and those of the plugins, on the pages of a kelurahan. What they are filled with stays."""

    def __init__(self, catalogue: Translations) -> None:
        super().__init__()
        self._catalogue = catalogue

    def ugettext(self, message: str) -> str:  # pyright: ignore[reportIncompatibleVariableOverride] - an alias there
        return _of_kelurahan(self._catalogue.ugettext(message))

    def ungettext(self, one: str, many: str, n: int) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]
        return _of_kelurahan(self._catalogue.ungettext(one, many, n))


_of_kelurahan = cache(of_kelurahan)  # the texts are those of the source: as many as there are, and no more


@cache
def read_catalogue(directories: tuple[Path, ...], language: str) -> Translations:
    """All catalogues of a language as one.

    Of a text that several translate, the first directory's words hold: core comes first, so no plugin speaks for it.
    """
    merged = Translations()
    for directory in reversed(directories):
        path = directory / f"{language}.po"
        if path.exists():
            compiled = BytesIO()
            with path.open("rb") as source:
                write_mo(compiled, read_po(source, locale=language))
            compiled.seek(0)
            catalogue = Translations(compiled)
            merged.merge(catalogue)
            merged.plural = catalogue.plural  # merge() leaves it behind: Indonesian has one form, English two
    return merged


def current_language() -> str:
    """The user's choice, else the browser's session's; a command line speaks Indonesian."""
    if not has_request_context():
        return DEFAULT
    if "language" not in g:
        chosen = current_user.language if current_user.is_authenticated else session.get("language")
        g.language = chosen if chosen in LANGUAGES else DEFAULT
    return g.language


def current_wording() -> str:
    """In whose words the texts are: a language, or the Indonesian of a kelurahan."""
    language = current_language()
    if language == DEFAULT and has_app_context() and (area := g.get("area")) is not None and area.is_kelurahan:
        return IN_KELURAHAN
    return language


def init_languages(app: Flask, directories: Iterable[Path]) -> None:
    Babel(app, default_locale=DEFAULT, locale_selector=current_language)
    domain = ProcessDomain(directories)
    with app.app_context():
        get_babel().instance.domain_instance = domain  # pyright: ignore[reportAttributeAccessIssue] - a cached property
    app.jinja_env.translate = domain.translate  # pyright: ignore[reportAttributeAccessIssue] - LanguageEnvironment's
    app.jinja_env.install_gettext_callables(  # pyright: ignore[reportAttributeAccessIssue] - added by jinja2.ext.i18n
        gettext=lambda text: domain.get_translations().ugettext(text),
        ngettext=lambda one, many, n: domain.get_translations().ungettext(one, many, n),
        newstyle=True,
    )
