"""Work of a plugin that outlasts a request: declared once, put into the queue by a page or an event.

The worker does it as core's own jobs (``core.plugin_jobs``): in the scope of its area, in the name of who asked, one
after the other in an area, seen on the district's page of jobs and done again from there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature

from core.cases.workflow import check_text
from core.texts import Text


@dataclass(frozen=True, eq=False)
class Job:
    """A piece of background work.

    Attributes:
        name: "<plugin>.<what>"; it stands in the queue, so a new version still knows the old one's.
        title: what the district's page of jobs calls it.
        run: called as ``run(area, **arguments)`` in the scope of ``area``; commits for itself, and must be repeatable:
            one that died with its worker is done again.
        seconds: after which it is stopped and counts as failed. While it runs, no other job of its area does.
        nightly: it is asked for by itself, once a night in each village where the plugin is on, without arguments.
    """

    name: str
    title: Text
    run: Callable[..., None]
    seconds: float = 15 * 60
    nightly: bool = False

    def __post_init__(self) -> None:
        check_text(f"Job {self.name!r}", "title", self.title)
        if not callable(self.run) or not signature(self.run).parameters:
            raise ValueError(f"Job {self.name!r}: run must be a function of (area, …)")
        if not self.seconds > 0:
            raise ValueError(f"Job {self.name!r}: seconds must be more than none")
