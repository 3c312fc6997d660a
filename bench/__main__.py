"""``python -m bench [sections…] [--quick] [--write]``: measure, print, and on request write the tables of the document.

Nothing is asserted: a number belongs to a machine. What can be compared between machines is the ratio to a reference
that was measured in the same run.
"""

import argparse
import importlib
import sys
from collections.abc import Callable, Iterator

from bench.machine import header
from bench.report import Measurement, line, with_tables
from core.config import ROOT

SECTIONS = ("start", "provisioning", "people", "screening", "pages", "letters", "distance", "queue", "monitoring")
DOCUMENT = ROOT / "docs" / "performance.md"

Section = Callable[..., Iterator[Measurement]]


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures against references of the same run.")
    parser.add_argument("sections", nargs="*", metavar="section", help=f"{', '.join(SECTIONS)}; all if none is named")
    parser.add_argument("--quick", action="store_true", help="fewer and smaller runs, for a look; not for the document")
    parser.add_argument("--write", action="store_true", help="write the tables of docs/performance.md")
    options = parser.parse_args(arguments)
    if unknown := set(options.sections) - set(SECTIONS):
        parser.error(f"no section is called {', '.join(sorted(unknown))}")
    lines = header(" ".join(["python -m bench", *arguments]))
    print(*lines, sep="\n")
    for name in options.sections or SECTIONS:
        print(f"\n{name}", flush=True)
        found = []
        for measurement in section(name)(quick=options.quick):
            found.append(measurement)
            print(line(measurement), flush=True)
        if options.write:
            DOCUMENT.write_text(with_tables(DOCUMENT.read_text(), name, lines, found))


def section(name: str) -> Section:
    """Loaded when it is its turn: one that cannot be loaded does not take the others with it."""
    return importlib.import_module(f"bench.{name}").run


if __name__ == "__main__":
    main(sys.argv[1:])
