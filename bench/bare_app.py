"""What the pages are compared with: the same rows of the same tables by Flask and the ORM, written plainly.

No sign-in, no scope, no translations, no macros, no headers; the tables' owner asks, past row-level security. The page
is filled up to ``?bytes=`` so that as much is sent. Settings are Flask's and Flask-SQLAlchemy's own.
"""

import os
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Flask, render_template, request
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import BigInteger, ForeignKeyConstraint, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship

PAGE_SIZE = 25

LIST = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>Kasus</title></head><body>
<h1>Kasus</h1>
<table><thead><tr><th>Warga</th><th>Layanan</th><th>Langkah berikut</th><th>Tenggat</th></tr></thead><tbody>
{% for case in cases %}
<tr><th><a href="/cases/{{ case.id }}">{{ case.person.name }}</a> {{ case.ticket }}
RT {{ case.household.rt }}/{{ case.household.rw }}</th>
<td>{{ case.service }}</td><td>{{ case.state }}</td><td>{{ case.due_on }}</td></tr>
{% endfor %}
</tbody></table>
</body></html>
"""

CASE = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>{{ case.ticket }}</title></head><body>
<h1>{{ case.service }} untuk {{ case.person.name }}</h1>
<p>{{ case.ticket }}, {{ case.opened_at }}, tenggat {{ case.due_on }}, NIK {{ case.person.nik }}</p>
<p>RT {{ case.household.rt }}/{{ case.household.rw }}, {{ case.household.persons|length }} orang</p>
<ul>{% for paper in case.requirements %}<li>{{ paper.key }}: {{ paper.state }}</li>{% endfor %}</ul>
<dl>{% for key, value in case.data.items() %}<dt>{{ key }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>
<ul>{% for task in case.tasks %}<li>{{ task.title }}, {{ task.due_on }}</li>{% endfor %}</ul>
<ul>{% for letter in case.letters %}<li>{{ letter.reference }}</li>{% endfor %}</ul>
<ol>{% for event in case.events %}<li>{{ event.kind }} {{ event.note }} {{ event.at }}</li>{% endfor %}</ol>
</body></html>
"""


class Base(DeclarativeBase):
    type_annotation_map = {dict[str, Any]: JSONB}


class VillageOwned:
    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)


class OfCase(VillageOwned):
    case_id: Mapped[UUID]


def _refers(column: str, table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["village_id", column], [f"{table}.village_id", f"{table}.id"])


class Household(VillageOwned, Base):
    __tablename__ = "households"

    rt: Mapped[str]
    rw: Mapped[str]
    persons: Mapped[list["Person"]] = relationship(viewonly=True)


class Person(VillageOwned, Base):
    __tablename__ = "persons"
    __table_args__ = (_refers("household_id", "households"),)

    name: Mapped[str]
    nik: Mapped[str | None]
    household_id: Mapped[UUID | None]


class Case(VillageOwned, Base):
    __tablename__ = "cases"
    __table_args__ = (_refers("person_id", "persons"), _refers("household_id", "households"))

    ticket: Mapped[str]
    service: Mapped[str]
    state: Mapped[str]
    data: Mapped[dict[str, Any]]
    due_on: Mapped[date]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    person_id: Mapped[UUID]
    household_id: Mapped[UUID | None]
    person: Mapped[Person] = relationship(viewonly=True)
    household: Mapped[Household] = relationship(viewonly=True)
    requirements: Mapped[list["Requirement"]] = relationship(viewonly=True)
    tasks: Mapped[list["Task"]] = relationship(viewonly=True)
    letters: Mapped[list["Letter"]] = relationship(viewonly=True)
    events: Mapped[list["Event"]] = relationship(viewonly=True)


class Requirement(OfCase, Base):
    __tablename__ = "case_requirements"
    __table_args__ = (_refers("case_id", "cases"),)

    key: Mapped[str]
    state: Mapped[str]


class Task(OfCase, Base):
    __tablename__ = "tasks"
    __table_args__ = (_refers("case_id", "cases"),)

    title: Mapped[str]
    due_on: Mapped[date]


class Letter(OfCase, Base):
    __tablename__ = "letters"
    __table_args__ = (_refers("case_id", "cases"),)

    reference: Mapped[str]


class Event(OfCase, Base):
    __tablename__ = "case_events"
    __table_args__ = (_refers("case_id", "cases"),)

    kind: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime]


def create_app(database_url: str, village_id: int) -> Flask:
    app = Flask(__name__)
    app.jinja_env.loader = DictLoader({"list.html": LIST, "case.html": CASE})
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    db = SQLAlchemy(app, metadata=Base.metadata)

    @app.get("/cases")
    def index() -> str:
        query = (
            select(Case)
            .where(Case.village_id == village_id, Case.closed_at.is_(None))
            .options(joinedload(Case.person), joinedload(Case.household))
            .order_by(Case.due_on, Case.id)
            .limit(PAGE_SIZE)
        )
        return filled_up(render_template("list.html", cases=db.session.scalars(query).all()))

    @app.get("/cases/<uuid:case_id>")
    def show(case_id: UUID) -> str:
        query = (
            select(Case)
            .where(Case.village_id == village_id, Case.id == case_id)
            .options(joinedload(Case.person), joinedload(Case.household))
        )
        return filled_up(render_template("case.html", case=db.session.scalars(query).one()))

    return app


def filled_up(html: str) -> str:
    missing = request.args.get("bytes", 0, int) - len(html)
    return f"{html}{' ' * missing}" if missing > 0 else html


if "BARE_DATABASE_URL" in os.environ:
    app = create_app(os.environ["BARE_DATABASE_URL"], int(os.environ["BARE_VILLAGE"]))
