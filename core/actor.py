"""Who acts, for everything that keeps a trace: the signed-in person, the command line, a job.

A context variable, so that domain functions need neither the request nor a user passed through every call.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from uuid import UUID


@dataclass(frozen=True)
class Actor:
    """``user_id`` is None for the public and for the command line, whose ``name`` says so."""

    user_id: UUID | None
    name: str
    address: str | None = None
    request_id: str | None = None


SYSTEM = Actor(None, "sistem")

current_actor: ContextVar[Actor] = ContextVar("current_actor", default=SYSTEM)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    token = current_actor.set(actor)
    try:
        yield
    finally:
        current_actor.reset(token)


@contextmanager
def as_system(name: str) -> Iterator[None]:
    """For what another system does that has proven who it is: the trace names it, and from where it came."""
    with acting(replace(current_actor.get(), user_id=None, name=name)):
        yield


@contextmanager
def without_address() -> Iterator[None]:
    """For what somebody may do without being known: the trace keeps that it was done, and not from where."""
    with acting(replace(current_actor.get(), address=None, request_id=None)):
        yield
