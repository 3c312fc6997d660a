"""What a plugin declares: names, texts, forms, papers, letters, rules with their regulation."""

import re
from collections.abc import Iterator
from datetime import date

from flask import get_template_attribute
from werkzeug.datastructures import MultiDict
from wtforms import Field

from core.cases.letter_pdf import LetterContent, render_letter
from core.cases.letter_values import letter_values
from core.cases.service import Requirement, Service
from core.clock import today
from core.database.session import db
from core.people.search import family_of
from core.testing.residents import make_case, make_person
from core.testing.subject import Subject
from core.testing.villages import VILLAGE, at

# "Permensos 3/2025", "UU 25 Tahun 2009": a regulation without its year cannot be found.
YEAR = re.compile(r"\b(19|20)\d\d\b")


def misnamed(subject: Subject) -> list[str]:
    """Names that could be another plugin's. Those of hooks and tables are checked where they are made."""
    templates = subject.loaded.file("templates")
    found = sorted(templates.iterdir()) if templates else []
    faults = [
        f"templates/{path.name}: a plugin's templates lie in templates/{subject.plugin}/, nothing else is found"
        for path in found
        if path.name != subject.plugin and not path.name.startswith((".", "__"))
    ]
    statics = subject.loaded.blueprint.static_folder if subject.loaded.blueprint else None
    if statics:
        faults.append("static_folder: files are served by core alone, whose headers and addresses they need")
    loggers = re.compile(r"getLogger\(\s*[\"']([^\"']+)[\"']")
    for path in sorted(subject.folder.rglob("*.py")):
        for name in loggers.findall(path.read_text(encoding="utf-8")):
            if not name.startswith(("puskesos.", subject.package)):
                faults.append(f"{path.relative_to(subject.folder)}: the logger {name!r}; say puskesos.{subject.plugin}")
    return faults


def form_faults(subject: Subject) -> list[str]:
    """Of every field of a form that comes back empty."""
    faults: list[str] = []
    for service in subject.services:
        with subject.app.test_request_context():
            form = service.form(MultiDict())
            form.validate()
            faults += [f"{service.name}: {field.short_name} {fault}" for field in form for fault in field_faults(field)]
    return faults


def field_faults(field: Field) -> Iterator[str]:
    """What is wrong with a field that came back empty, as the clerk sees it."""
    shown = get_template_attribute("macros/forms.html", "field")(field).unescape()
    if not str(field.label.text):
        yield "has no label"
    if field.flags.required and not field.data and not field.errors:
        yield "is required and not asked for"
    for message in field.errors:
        if not str(message).strip() or str(message) not in shown:
            yield f"is refused without a word that can be read: {message!r}"


def ambiguous_papers(subject: Subject) -> list[str]:
    """A paper is used again for the next case by its key, so one key is one kind of paper."""
    known = {paper.key: paper for paper in vars(Requirement).values() if isinstance(paper, Requirement)}
    faults: list[str] = []
    for service in subject.services:
        for paper in service.requirements:
            first = known.setdefault(paper.key, paper)
            if str(first.title) != str(paper.title):
                faults.append(f"{service.name}: {paper.key!r} is already {first.title}; choose another key")
    return faults


def letter_faults(subject: Subject) -> list[str]:
    """Set with answers full of what typst takes for markup: an answer is text, never source."""
    return [fault for service in subject.services for fault in _letters_of(subject, service)]


def _letters_of(subject: Subject, service: Service) -> Iterator[str]:
    with at(subject.app, VILLAGE) as area:
        case = make_case(area, service, make_person(area.id), **subject.answers(service))
        for letter in service.letters:
            content = LetterContent(
                template=letter.template,
                title=str(letter.title),
                reference="460/001/CBD/I/2026",
                issued_on=date(2026, 1, 5),
                valid_until=date(2026, 2, 4) if letter.validity(date(2026, 1, 5), area) else None,
                area=area,
                signatory="",
                values=letter_values(service, case, family_of(case.person)),
                verify_url="https://puskesos.example/verify/contoh",
            )
            try:
                made = render_letter(content)
            except Exception as error:
                yield f"{service.name}: {letter.key} ({letter.template}) cannot be set: {error}"
            else:
                if not made.startswith(b"%PDF"):
                    yield f"{service.name}: {letter.key} is no PDF"
        db.session.rollback()


def undated_rules(subject: Subject) -> list[str]:
    """Rules, criteria and service standards whose regulation, or whose year, is not told."""
    faults: list[str] = []
    for service in subject.services:
        rules = service.rules.all if service.rules else ()
        told = [(f"{rule.origin}: its regulation", rule.regulation) for rule in rules]
        told += [(f"{service.name}: the legal basis", str(basis)) for basis in service.standard.legal_basis]
        faults += [f"{what} {text!r} says no year" for what, text in told if not YEAR.search(text)]
        with at(subject.app, VILLAGE) as area:
            person = make_person(area.id)
            for criterion in service.criteria(person, family_of(person), today(), subject.answers(service)):
                regulation = str(criterion.regulation or "")
                if not regulation and not rules:
                    faults.append(
                        f"{service.name}: {str(criterion.title)!r} says no regulation, and there are no rules"
                    )
                elif regulation and not YEAR.search(regulation):
                    faults.append(f"{service.name}: {str(criterion.title)!r}: {regulation!r} says no year")
            db.session.rollback()
    return faults
