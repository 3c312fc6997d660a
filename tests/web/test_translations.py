"""Every text has its English, and the messages that WTForms brings in English have their Indonesian."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import wtforms
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import core
import plugins
from core.testing.source import texts_of
from core.web.languages import read_catalogue

CORE = Path(core.__path__[0])
TEMPLATES = CORE.parent / "templates"
TENANTS = CORE.parent / "tenants"
PLUGINS = sorted(path.parent for path in Path(plugins.__path__[0]).glob("*/__init__.py"))
SOURCES = {"core": (CORE, TEMPLATES, TENANTS), **{folder.name: (folder,) for folder in PLUGINS}}

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[a-zA-Z%]")


def texts(name: str) -> dict[str | tuple[str, ...], str]:
    """The texts of core or of a plugin, each with the place where it stands first. A skeleton has its own English."""
    found = {text: place for folder in SOURCES[name] for text, place in texts_of(folder).items()}
    return {text: place for text, place in found.items() if not place.startswith("skeletons/")}


def catalogue(folder: Path, language: str) -> Catalog:
    with (folder / "translations" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def forms(text: object) -> tuple[str, ...]:
    """One text as it is, or those for one and for many."""
    return tuple(text) if isinstance(text, (tuple, list)) else (str(text or ""),)


def strings(translations: Catalog, text: object) -> tuple[str, ...]:
    """The translations of a text, one for each plural form; none when it is missing or uncertain."""
    message = translations.get(forms(text)[0])
    return () if message is None or message.fuzzy else forms(message.string)


def untranslated(translations: Catalog, found: Mapping[str | tuple[str, ...], str]) -> list[str]:
    """Texts without a translation in every plural form that the language has."""
    wanted = {text: translations.num_plurals if isinstance(text, tuple) else 1 for text in found}
    return [
        f"{place} {text!r}"
        for text, place in found.items()
        if len(given := strings(translations, text)) != wanted[text] or not all(given)
    ]


def changed_placeholders(translations: Catalog) -> list[str]:
    """Translations that name other values than the text they stand for."""
    return [
        f"{message.id!r} → {given!r}"
        for message in translations
        for given in strings(translations, message.id)
        if message.id and given and placeholders(given) != placeholders(forms(message.id)[0])
    ]


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


@pytest.mark.parametrize("name", SOURCES)
def test_every_text_has_its_english(name: str) -> None:
    found = texts(name)
    assert found, "no text was found at all"
    missing = untranslated(catalogue(SOURCES[name][0], "en"), found)
    assert not missing, "run `make translations` and write the English of:\n" + "\n".join(missing)


@pytest.mark.parametrize("name", SOURCES)
def test_the_english_names_the_same_values(name: str) -> None:
    differing = changed_placeholders(catalogue(SOURCES[name][0], "en"))
    assert not differing, "\n".join(differing)


@pytest.mark.parametrize("folder", PLUGINS, ids=lambda folder: folder.name)
def test_a_plugin_says_what_core_says_in_the_same_words(folder: Path) -> None:
    """All catalogues become one, in which core's English of a text holds: nobody would read a plugin's other one."""
    ours, theirs = catalogue(CORE, "en"), catalogue(folder, "en")
    both = [(message.id, strings(theirs, message.id), strings(ours, message.id)) for message in theirs if message.id]
    differing = [f"{text!r}: {own} and {of_core}" for text, own, of_core in both if of_core and own != of_core]
    assert not differing, "\n".join(differing)


def test_a_plugin_cannot_change_what_core_says(tmp_path: Path) -> None:
    (tmp_path / "en.po").write_text('msgid "Simpan"\nmsgstr "Hijacked"\n\nmsgid "Kata modul"\nmsgstr "The module’s"\n')
    english = read_catalogue((CORE / "translations", tmp_path), "en")
    assert english.ugettext("Simpan") == "Save"
    assert english.ugettext("Kata modul") == "The module’s"


def test_the_messages_of_wtforms_have_their_indonesian() -> None:
    found = texts_of(Path(wtforms.__path__[0]))
    assert "This field is required." in found
    indonesian = catalogue(CORE, "id")
    missing = untranslated(indonesian, found)
    assert not missing, "\n".join(missing)
    differing = changed_placeholders(indonesian)
    assert not differing, "\n".join(differing)


def test_one_and_many_are_told_apart_in_english() -> None:
    english = read_catalogue((CORE / "translations",), "en")
    days_left = "%(num)s hari lagi"
    assert english.ungettext(days_left, days_left, 1) == "%(num)s day left"
    assert english.ungettext(days_left, days_left, 2) == "%(num)s days left"


def test_a_text_without_a_translation_and_a_changed_value_are_found() -> None:
    """What the tests above rest on."""
    made_up = Catalog(locale="en")
    made_up.add("Satu", "One")
    made_up.add("Dua", "")
    made_up.add("Tiga", "Three", flags=["fuzzy"])
    made_up.add(("%(num)s warga", "%(num)s warga"), ("%(num)s resident", ""))
    residents = ("%(num)s warga", "%(num)s warga")
    found = {"Satu": "a.py:1", "Dua": "a.py:2", "Tiga": "a.py:3", "Empat": "a.py:4", residents: "a.py:5"}
    missing = untranslated(made_up, found)
    assert [line.split()[0] for line in missing] == ["a.py:2", "a.py:3", "a.py:4", "a.py:5"]
    assert changed_placeholders(made_up) == []
    made_up.add("Halo, %(name)s", "Hello, %(nama)s")
    assert changed_placeholders(made_up) == ["'Halo, %(name)s' → 'Hello, %(nama)s'"]
