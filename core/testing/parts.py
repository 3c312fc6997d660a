"""Whether the parts that a plugin adds to core's pages, and what it does at events, work at all."""

from core.testing.made_up import make_family
from core.testing.pages import ROLES_AT_WORK, client_for, core_pages, pages_of, urls_with, wide_pages_of
from core.testing.subject import Subject
from core.testing.villages import DISTRICT, VILLAGE


def failing_parts(subject: Subject) -> list[str]:
    """Among them the plugin's own pages about made-up rows: a page that fails on them would hide a leak."""
    before = subject.failures
    family = make_family(subject, VILLAGE, "warga-biasa")
    faults: list[str] = []
    for role in ROLES_AT_WORK:
        for url in core_pages(VILLAGE, family.ids["persons"][0], family.ids.get("cases", [])):
            with subject.client(role).get(url) as answer:
                if answer.status_code != 200:
                    faults.append(f"GET {url}: {answer.status_code}")
    for page in (*pages_of(subject), *wide_pages_of(subject)):
        client = client_for(subject, page)
        if page.method == "GET" and client:
            for url in urls_with(subject, page, family.ids, DISTRICT if page.is_wide else VILLAGE):
                with client.get(url) as answer:
                    if answer.status_code >= 500:
                        hint = "if the made-up row is to blame, say in row_values() what it may hold"
                        faults.append(f"GET {url}: {answer.status_code}; {hint}")
    if subject.failures != before:
        faults.append("one of its hooks failed; the log says which")
    return faults
