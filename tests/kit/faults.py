"""The sound plugin with one fault each: the least change of its source that breaks one rule of the contract."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """``old`` in ``file`` becomes ``new``; without ``old``, ``new`` is put at the end, or is the whole of a new file.

    ``caught_by`` is the one check of the contract that finds it, ``says`` a part of what it tells.
    """

    name: str
    caught_by: str
    says: str
    file: str
    old: str
    new: str


# A module that a faulty plugin has besides; it looks at the whole district while a village's page is made.
WIDE = """
from core.api import AreaCode, commit, db, scope
from sqlalchemy import delete, select, update

from .entries import Entry


def rows(query):
    with scope(AreaCode.parse("32.01")):
        found = db.session.scalars(query).all()
        db.session.expunge_all()
        return found


def notes(*conditions):
    return rows(select(Entry).where(*conditions))


def rewrite(entry, title):
    with scope(AreaCode.from_id(entry.village_id)):
        db.session.execute(update(Entry).where(Entry.id == entry.id).values(title=title))
        commit()


def forget(area):
    with scope(area):
        db.session.execute(delete(Entry).where(Entry.village_id == area.id))
        commit()
"""

MIDDLEWARE = """

class Softener:
    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        def start(status, headers, *rest):
            ours = environ["PATH_INFO"].endswith("/notes/") and status.startswith("{status}")
            return start_response("200 OK" if ours else status, headers, *rest)

        return self.app(environ, start)


@bp.record_once
def soften(state):
    state.app.wsgi_app = Softener(state.app.wsgi_app)
"""

FAULTS = (
    # ---- what it declares ----
    Fault(
        "a core that is to come",
        "test_it_loads",
        "antarmuka",
        "__init__.py",
        'api="1"',
        'api="99"',
    ),
    Fault(
        "core's inside is imported",
        "test_it_imports_nothing_of_ours_but_core_api",
        "core.clock.today",
        "entries.py",
        "from core.api import Area, Person, area_today, commit, db",
        "from core.api import Area, Person, area_today, commit, db\nfrom core.clock import today  # noqa: F401",
    ),
    Fault(
        "templates in the place of others",
        "test_its_names_are_its_own",
        "templates/cases",
        "templates/cases/case.html",
        "",
        "",
    ),
    Fault(
        "a text without English",
        "test_its_texts_are_in_english_too",
        "'Judul': not translated",
        "translations/en.po",
        'msgstr "Title"',
        'msgstr ""',
    ),
    Fault(
        "a paper under another's key",
        "test_its_papers_mean_the_same_in_every_service",
        "'kk' is already Kartu Keluarga",
        "services.py",
        '[Requirement.KK, Requirement("photo", _("Foto"))]',
        '[Requirement("kk", _("Foto"))]',
    ),
    Fault(
        "a regulation without its year",
        "test_its_rules_say_their_regulation_and_year",
        "'Peraturan Menteri Sosial' says no year",
        "rules.toml",
        "Permensos 3/2025",
        "Peraturan Menteri Sosial",
    ),
    Fault(
        "a criterion out of nowhere",
        "test_its_rules_say_their_regulation_and_year",
        "says no regulation",
        "services.py",
        "    rules=rules,\n",
        "",
    ),
    Fault(
        "a field without a label",
        "test_its_forms_come_back_with_messages",
        "reason has no label",
        "forms.py",
        '_("Alasan")',
        '""',
    ),
    Fault(
        "a letter that takes an answer for source",
        "test_its_letters_can_be_set",
        "notes/letter.typ",
        "templates/notes/letter.typ",
        "#data.values.answers.reason",
        '#eval(data.values.answers.reason, mode: "markup")',
    ),
    # ---- its pages and its parts of pages ----
    Fault(
        "a page that is there where it is off",
        "test_its_pages_are_not_there_where_it_is_off",
        "/notes/: 200",
        "views.py",
        "",
        MIDDLEWARE.replace("{status}", "404"),
    ),
    Fault(
        "a page that opens for everybody",
        "test_its_pages_are_closed_to_who_lacks_the_permission",
        "/notes/: 200",
        "views.py",
        "",
        MIDDLEWARE.replace("{status}", "403"),
    ),
    Fault(
        "a page that fails",
        "test_its_pages_open_for_who_has_the_permission",
        "/notes/: 500",
        "views.py",
        'render_template("notes/index.html", rows=entries.newest(here().id))',
        'render_template("notes/missing.html")',
    ),
    Fault(
        "a page that never ends",  # the first time, which is enough to wait for
        "test_its_pages_open_for_who_has_the_permission",
        "/notes/: 503",
        "views.py",
        '    return render_template("notes/index.html", rows=entries.newest(here().id))',
        '    if vars(bp).setdefault("asked", True):\n'
        "        bp.asked = False\n"
        "        while True:\n"
        "            pass\n"
        '    return render_template("notes/index.html", rows=entries.newest(here().id))',
    ),
    Fault(
        "a card that fails",
        "test_its_parts_of_pages_and_its_events_do_not_fail",
        "one of its hooks failed",
        "__init__.py",
        "return _panel(entries.newest(area.id))",
        "return _panel(entries.newest(area))",
    ),
    Fault(
        "a query per row",
        "test_its_parts_of_pages_cost_the_same_with_many_rows",
        "a query per row?",
        "__init__.py",
        "return _panel(entries.of_person(person.village_id, person.id))",
        "rows = entries.of_person(person.village_id, person.id)\n"
        "    return _panel([entries.find(row.village_id, row.id) or row for row in rows])",
    ),
    Fault(
        "a query per row of its own list",
        "test_its_parts_of_pages_cost_the_same_with_many_rows",
        "/notes/: ",
        "views.py",
        "rows=entries.newest(here().id))",
        "rows=[row for row in entries.newest(here().id) if find_person(row.village_id, row.person_id)])",
    ),
    Fault(
        "a card that asks and asks",
        "test_its_parts_of_pages_cost_the_same_with_many_rows",
        "the plugin's parts ask",
        "__init__.py",
        "return _panel(entries.newest(area.id))",
        "return [_panel(entries.newest(area.id)) for _time in range(9)][0]",
    ),
    Fault(
        "a calculation per row",
        "test_its_parts_of_pages_cost_the_same_with_many_rows",
        "calls of functions",
        "__init__.py",
        "return _panel(entries.of_person(case.village_id, case.person_id))",
        "rows = entries.of_person(case.village_id, case.person_id)\n"
        "    _spent = [sum(abs(n) for n in range(20_000)) for row in rows if len(rows) > 1]\n"
        "    return _panel(rows)",
    ),
    Fault(
        "what was typed is taken for markup",
        "test_its_forms_take_whatever_is_typed",
        "taken for markup",
        "templates/notes/rows.html",
        "{{ entry.title }}",
        "{{ entry.title|safe }}",
    ),
    Fault(
        "what was typed is taken for a template",
        "test_its_forms_take_whatever_is_typed",
        "taken for a template",
        "views.py",
        "return _form_page(form, entry.title)",
        "from flask import render_template_string\n\n"
        "        return _form_page(form, render_template_string(entry.title))",
    ),
    Fault(
        "a text longer than its column",
        "test_its_forms_take_whatever_is_typed",
        "400 for a very long text",
        "forms.py",
        "[DataRequired(), Length(max=80)]",
        "[DataRequired()]",
    ),
    # ---- another village ----
    Fault(
        "a list of the whole district",
        "test_its_pages_show_nothing_of_another_village",
        "shows",
        "views.py",
        "rows=entries.newest(here().id))",
        "rows=wide.notes())",
    ),
    Fault(
        "a number counted over the whole district",
        "test_its_pages_show_nothing_of_another_village",
        "changed when another village got rows",
        "views.py",
        "rows=entries.newest(here().id))",
        "rows=[entries.Entry(id=UUID(int=1), title=str(len(wide.notes())))])",
    ),
    Fault(
        "a search through the whole district",
        "test_its_pages_show_nothing_of_another_village",
        "?cari=qzrahasia shows",
        "views.py",
        '    return render_template("notes/index.html", rows=entries.newest(here().id))',
        '    words = request.args.get("cari")\n'
        "    rows = wide.notes(wide.Entry.title.contains(words)) if words else entries.newest(here().id)\n"
        '    return render_template("notes/index.html", rows=rows)',
    ),
    Fault(
        "a village that the address may choose",
        "test_its_pages_show_nothing_of_another_village",
        "?desa=32.01.15.2010 shows",
        "views.py",
        "rows=entries.newest(here().id))",
        "rows=wide.notes(wide.Entry.village_id == int(request.args['desa'].replace('.', '')))"
        " if '.' in request.args.get('desa', '') else entries.newest(here().id))",
    ),
    Fault(
        "a resident of another village, by ?person=",
        "test_its_pages_show_nothing_of_another_village",
        "shows",
        "views.py",
        'return find_person(here().id, UUID(request.args.get("person", "")))',
        "if request.method == 'GET':\n"
        "            found = wide.rows(wide.select(Person).where(Person.id == UUID(request.args.get('person', ''))))\n"
        "            return next(iter(found), None)\n"
        "        return find_person(here().id, UUID(request.args.get('person', '')))",
    ),
    Fault(
        "a command for the whole district",
        "test_its_pages_show_nothing_of_another_village",
        "puskesos notes titles",
        "__init__.py",
        "entries.newest(code.id)",
        "wide.notes()",
    ),
    Fault(
        "a card of the whole district",  # core stops a card that leaves its village, and the contract says so
        "test_its_parts_of_pages_and_its_events_do_not_fail",
        "one of its hooks failed",
        "__init__.py",
        "entries.newest(area.id)",
        "wide.notes()",
    ),
    Fault(
        "a card that counts what it has shown",
        "test_its_parts_of_pages_show_nothing_of_another_village",
        "changed when another village got rows",
        "__init__.py",
        "return _panel(entries.newest(area.id))",
        'seen = vars(bp).setdefault("seen", set())\n'
        "    seen.update(row.id for row in entries.newest(area.id))\n"
        "    return _panel([entries.Entry(id=entries.UUID(int=1), title=str(len(seen)))])",
    ),
    Fault(
        "a card that was made for the first who asked",
        "test_its_parts_of_pages_show_nothing_of_another_village",
        "GET /32.01.15.",
        "__init__.py",
        "return _panel(entries.newest(area.id))",
        'kept = vars(bp).setdefault("kept", [])\n'
        "    kept[:] = kept or [row.title for row in entries.newest(area.id)]\n"
        "    return _panel([entries.Entry(id=entries.UUID(int=1), title=title) for title in kept])",
    ),
    Fault(
        "a panel that remembers the village before",
        "test_its_parts_of_pages_show_nothing_of_another_village",
        "/people/",
        "__init__.py",
        "return _panel(entries.of_person(person.village_id, person.id))",
        'kept = vars(bp).setdefault("kept", [])\n'
        "    kept += [row.title for row in entries.of_person(person.village_id, person.id)]\n"
        "    return _panel([entries.Entry(id=person.id, title=title) for title in kept])",
    ),
    Fault(
        "a search that finds in the whole district",  # stopped by core, and the contract says so
        "test_its_search_finds_nothing_of_another_village",
        "its search_results() failed",
        "__init__.py",
        "entries.with_words(area.id, words)",
        "wide.notes(wide.Entry.title.contains(words))",
    ),
    Fault(
        "a search that remembers the village before",
        "test_its_search_finds_nothing_of_another_village",
        "/search?q=warga-des shows",
        "__init__.py",
        "    return [\n        SearchResult(",
        '    kept = vars(bp).setdefault("found", [])\n'
        "    kept += [entry.title for entry in entries.with_words(area.id, words)]\n"
        "    more = [SearchResult(title=t, endpoint='notes.index', permission='notes.read') for t in kept[:9]]\n"
        "    return more + [\n        SearchResult(",
    ),
    Fault(
        "a job that writes what it read in the whole district",
        "test_its_jobs_keep_to_their_village",
        "notes.pin: notes_entries shows qzrahasiadesasebelah",
        "entries.py",
        "        entry.pinned = True\n    commit()",
        "        entry.pinned = True\n"
        "    from . import wide\n\n"
        "    titles = [note.title for note in wide.notes()]\n"
        "    for entry in newest(area.id):\n"
        "        entry.body = ', '.join(titles)[:2000]\n"
        "    commit()",
    ),
    Fault(
        "a job that writes in another village",
        "test_its_jobs_keep_to_their_village",
        "notes_entries of another village was changed",
        "entries.py",
        "        entry.pinned = True\n    commit()",
        "        entry.pinned = True\n    commit()\n"
        "    from . import wide\n\n"
        "    for note in wide.notes(Entry.village_id != area.id):\n"
        "        wide.rewrite(note, 'disematkan')",
    ),
    Fault(
        "a job that fails",
        "test_its_jobs_keep_to_their_village",
        "notes.pin fails: ValueError",
        "entries.py",
        "        entry.pinned = True\n    commit()",
        "        entry.pinned = True\n    raise ValueError(area.code)",
    ),
    Fault(
        "somebody else's note by its address",
        "test_ids_of_another_village_lead_nowhere",
        "200 instead of 404",
        "views.py",
        "rows=[_found(id)])",
        "rows=wide.notes(wide.Entry.id == id) or abort(404))",
    ),
    Fault(
        "somebody else's note is rewritten",
        "test_what_is_sent_changes_nothing_in_another_village",
        "notes_entries: rows of another village were changed",
        "views.py",
        "    entry = _found(id)\n    form = EntryForm(obj=entry)\n",
        '    if request.method == "POST":\n'
        "        for found in wide.notes(wide.Entry.id == id):\n"
        '            wide.rewrite(found, request.form.get("title", "")[:80])\n'
        "    entry = _found(id)\n    form = EntryForm(obj=entry)\n",
    ),
    # ---- whom it shows what ----
    Fault(
        "a restricted case is noted on its resident",
        "test_its_restricted_cases_show_to_nobody_else",
        "is another page once there is a restricted case",
        "__init__.py",
        "",
        "\n\n@hookimpl\ndef case_opened(case):\n"
        "    from core.api import commit, db\n\n"
        "    db.session.get_one(Person, (case.village_id, case.person_id)).occupation = case.ticket\n"
        "    commit()\n",
    ),
    # ---- its tables and its life ----
    Fault(
        "a table without the rule",
        "test_its_tables_keep_to_the_rules",
        "row-level security is not on",
        "migrations/versions/0001_entries.py",
        'policies("notes_entries")',
        "()",
    ),
    Fault(
        "a policy that lets everybody read",
        "test_its_tables_keep_to_the_rules",
        "its policy for SELECT lets through",
        "migrations/versions/0001_entries.py",
        'policies("notes_entries")',
        '[s.split(" USING")[0] + " USING (true)" if "FOR SELECT" in s else s for s in policies("notes_entries")]',
    ),
    Fault(
        "rows that go with a resident unannounced",
        "test_its_tables_keep_to_the_rules",
        "only the migrations say person_id,village_id → persons ON DELETE CASCADE",
        "migrations/versions/0001_entries.py",
        '["persons.village_id", "persons.id"]',
        '["persons.village_id", "persons.id"], ondelete="CASCADE"',
    ),
    Fault(
        "a reference that empties itself",
        "test_its_tables_keep_to_the_rules",
        "may not be ON DELETE SET",
        "migrations/versions/0001_entries.py",
        '["persons.village_id", "persons.id"]',
        '["persons.village_id", "persons.id"], ondelete="SET NULL"',
    ),
    Fault(
        "a migration without a way back",
        "test_its_migrations_lead_down_and_up_again",
        "it has no downgrade()",
        "migrations/versions/0002_pinned.py",
        'def downgrade() -> None:\n    op.drop_column("notes_entries", "pinned")\n',
        "",
    ),
    Fault(
        "a column that old rows cannot fill",
        "test_its_migrations_lead_down_and_up_again",
        "notes_0002 does not lead up again",
        "migrations/versions/0002_pinned.py",
        ', server_default="false"',
        "",
    ),
    Fault(
        "a function that stays",
        "test_its_migrations_lead_down_and_up_again",
        "is still there after the last downgrade",
        "migrations/versions/0001_entries.py",
        "def upgrade() -> None:\n",
        "def upgrade() -> None:\n"
        "    op.execute(\"CREATE OR REPLACE FUNCTION notes_one() RETURNS int LANGUAGE sql AS 'SELECT 1'\")\n",
    ),
    Fault(
        "a file that its check does not expect",
        "test_its_imports_take_whatever_file_comes",
        "its check fails: ValueError",
        "files.py",
        "        except ValueError:\n            day = None\n",
        "        except TypeError:\n            day = None\n",
    ),
    Fault(
        "a check that commits",
        "test_its_imports_take_whatever_file_comes",
        "its check fails: SessionHeld",
        "files.py",
        "    new = []\n",
        "    new = []\n    db.session.commit()\n",
    ),
    Fault(
        "a column in core's table",
        "test_its_migrations_lead_down_and_up_again",
        "core's own tables are changed",
        "migrations/versions/0002_pinned.py",
        "def upgrade() -> None:\n",
        'def upgrade() -> None:\n    op.execute("ALTER TABLE persons ADD COLUMN IF NOT EXISTS pinned boolean")\n',
    ),
    Fault(
        "an erasure in which it fails",
        "test_its_tables_are_copied_and_erased_with_a_resident",
        "DecisionFailed",
        "__init__.py",
        "",
        "\n\n@hookimpl\ndef personal_data_erase(person):\n    raise RuntimeError(person.id)\n",
    ),
    Fault(
        "rows that go when it is switched off",
        "test_its_data_stay_while_it_is_off",
        "notes_entries: other rows after it was switched off",
        "__init__.py",
        '    """What was written stays."""',
        "    for area in areas:\n        wide.forget(area)",
    ),
    Fault(
        "cases that need it to be shown",
        "test_core_is_well_when_it_is_gone",
        "500 once notes is not installed",
        "__init__.py",
        "@hookimpl\ndef blueprint()",
        "from sqlalchemy import event\n\n"
        'object.__setattr__(help_letter, "restricted_to", None)\n\n\n'
        "def _linked(case, _context):\n"
        "    from flask import has_request_context, url_for\n\n"
        "    if has_request_context() and case.service == help_letter.name:\n"
        '        case.notes_url = url_for("notes.index", area="32.01.15.2008")\n\n\n'
        'LISTENERS = [(Case, "load", _linked)]\n'
        "event.listen(*LISTENERS[0])\n\n\n"
        "@hookimpl\ndef blueprint()",
    ),
)
