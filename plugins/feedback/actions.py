"""What the village does about its lowest element: decided once, shown until it is done, with its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm.attributes import flag_modified

from core.api import PAGE_SIZE, CaseError, Page, db, gettext, paged, read_keys, record

from .models import FeedbackAction, FeedbackActionEntry
from .words import ACTION_STATES, element_title

OPEN = ("planned", "running")
SHOWN = ("open", "ended")
PUBLISHED = 10


@dataclass(frozen=True)
class Plan:
    """What is to be done about an element (1–9) after a period (its key), by whom and by when."""

    period: str
    element: int
    what: str
    who: str
    due_on: date


def decide(village_id: int, plan: Plan, *, by: UUID | None) -> FeedbackAction:
    """The caller commits."""
    action = FeedbackAction(
        village_id=village_id,
        period=plan.period,
        element=plan.element,
        what=plan.what,
        who=plan.who,
        due_on=plan.due_on,
        state="planned",
    )
    db.session.add(action)
    db.session.flush()
    _note(action, "", by)
    record("feedback.action_decided", "feedback_action", action.id, element=element_title(plan.element))
    return action


def change(action: FeedbackAction, state: str, due_on: date, text: str, *, by: UUID | None) -> None:
    """Go on with it, end it, or give it another day; ``text`` says what was done or why. The caller commits.

    Raises:
        CaseError: it ends without a word about what became of it.
    """
    ends = state not in OPEN
    if ends and not text:
        raise CaseError(gettext("Tulis hasilnya, atau mengapa dibatalkan: warga membacanya."))
    flag_modified(action, "state")
    action.state, action.due_on, action.outcome = state, due_on, text if ends else ""
    _note(action, text, by)
    record(
        "feedback.action_changed",
        "feedback_action",
        action.id,
        element=element_title(action.element),
        state=str(ACTION_STATES[state]),
    )


def find(village_id: int, action_id: UUID) -> FeedbackAction | None:
    return db.session.get(FeedbackAction, (village_id, action_id))


def page_of(village_id: int, show: str, cursor: str | None) -> Page[FeedbackAction]:
    """The open ones, the first due first; else those that ended, the last due first."""
    is_open = FeedbackAction.state.in_(OPEN)
    query = select(FeedbackAction).where(
        FeedbackAction.village_id == village_id, is_open if show == "open" else ~is_open
    )
    key = tuple_(FeedbackAction.due_on, FeedbackAction.id)
    if after := read_keys(cursor, date.fromisoformat, UUID):
        query = query.where(key > after if show == "open" else key < after)
    columns = (FeedbackAction.due_on, FeedbackAction.id)
    order = columns if show == "open" else [column.desc() for column in columns]
    rows = db.session.scalars(query.order_by(*order).limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda row: (row.due_on, row.id), cursor)


def open_actions(village_id: int, limit: int = 5) -> Sequence[FeedbackAction]:
    return db.session.scalars(
        select(FeedbackAction)
        .where(FeedbackAction.village_id == village_id, FeedbackAction.state.in_(OPEN))
        .order_by(FeedbackAction.due_on, FeedbackAction.id)
        .limit(limit)
    ).all()


def published(village_id: int) -> Sequence[FeedbackAction]:
    """The open and the done ones, the latest day first; what was dropped is told as well, with its reason."""
    return db.session.scalars(
        select(FeedbackAction)
        .where(FeedbackAction.village_id == village_id)
        .order_by(FeedbackAction.due_on.desc(), FeedbackAction.id.desc())
        .limit(PUBLISHED)
    ).all()


def history_of(action: FeedbackAction) -> Sequence[FeedbackActionEntry]:
    """The latest first."""
    return db.session.scalars(
        select(FeedbackActionEntry)
        .where(FeedbackActionEntry.village_id == action.village_id, FeedbackActionEntry.action_id == action.id)
        .order_by(FeedbackActionEntry.id.desc())
    ).all()


def _note(action: FeedbackAction, text: str, by: UUID | None) -> None:
    db.session.add(
        FeedbackActionEntry(
            village_id=action.village_id,
            action_id=action.id,
            by=by,
            state=action.state,
            due_on=action.due_on,
            text=text,
        )
    )
