"""Letters of many cases at once: made together or not at all, and printed as one file."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from core.areas.current import CurrentArea
from core.files import FileStore
from core.people.search import families_of
from core.platform import platform
from core.web.urls import verify_address

from .errors import CaseError
from .letter_values import letter_values
from .letters import LetterRequest, issue_letter
from .models import Case, LetterRecord
from .progress import letters_of
from .service import Service

_PAGE = re.compile(rb"/Type ?/Page\b")  # as typst writes it, which made all our letters


def issue_letters(area: CurrentArea, cases: Sequence[Case], service: Service, key: str) -> list[LetterRecord]:
    """The letter of each case, in the order of the cases: the one that holds, else a new one. The caller commits.

    Raises:
        CaseError: a case is not where this letter is due; the sentence begins with its ticket.
        LetterTemplateError: the plugin's template cannot be set.
    """
    families, files_dir = families_of([case.person for case in cases]), platform().config.files_dir
    made = []
    for case in cases:
        held = next((letter for letter in letters_of(case) if letter.key == key and not letter.revoked_at), None)
        if held is None:
            values = letter_values(service, case, families[case.person_id])
            request = LetterRequest(area, case, service, service.letter(key), values, verify_address(area))
            try:
                held = issue_letter(request, files_dir)
            except CaseError as problem:
                raise CaseError(f"{case.ticket}: {problem}") from problem
        made.append(held)
    return made


def bind_letters(area: CurrentArea, letters: Iterable[LetterRecord]) -> bytes:
    """One PDF to print, of letters that keep their own numbers, codes and files.

    Raises:
        CaseError: a letter's file is not there any more.
    """
    store = FileStore(platform().config.files_dir, area.id)
    with TemporaryDirectory() as folder:
        pages = []
        for number, letter in enumerate(letters):
            path = store.path(letter.sha256)
            if not path.exists():
                raise CaseError(letter.reference)
            content = path.read_bytes()
            Path(folder, f"{number}.pdf").write_bytes(content)
            pages += [
                f'#image("{number}.pdf", page: {page}, width: 100%, height: 100%)'
                for page in range(1, len(_PAGE.findall(content)) + 1)
            ]
        main = Path(folder, "main.typ")
        main.write_text('#set page(paper: "a4", margin: 0pt)\n' + "\n#pagebreak()\n".join(pages), encoding="utf-8")
        made = typst.compile(str(main), root=folder, ignore_system_fonts=True)
    assert isinstance(made, bytes)  # noqa: S101 - a PDF is asked for
    return made
