"""What stands on a page or a paper, as a test looks for it."""

import re
from io import BytesIO

from pypdf import PdfReader
from werkzeug.test import TestResponse


def words(answer: TestResponse) -> str:
    """All of a PDF's text on one line."""
    with answer:
        if answer.mimetype != "application/pdf":
            raise AssertionError(f"no PDF, but {answer.mimetype}: {answer.status}")
        raw = "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)
    return " ".join(raw.replace("-\n", "").split())


def tagged(page: str) -> str:
    """A page's text without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def version_in(page: str) -> str:
    """The version that the page's first form sends back."""
    found = re.search(r'name="version"[^>]*value="(\d+)"', page) or re.search(r'value="(\d+)"[^>]*name="version"', page)
    if found is None:
        raise AssertionError("the page has no version")
    return found[1]
