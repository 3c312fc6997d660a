"""Villages with many cases, made in SQL by the superuser: a million through the pages' functions would take a day."""

from uuid import UUID

from psycopg.types.json import Jsonb

from bench.place import Place
from bench.village import ANSWERS, CLERK, VILLAGE
from core.cases.catalogue import find_service

SERVICE = "sktm.letter"
RESIDENTS = 100  # of each village, two in a household

# Half of the cases are open; the rows that hang on one are those of an SKTM that went its usual way.
STATEMENTS = (
    """
    CREATE TEMP TABLE homes AS
    SELECT v.id AS village_id, n, md5(v.id || '/home/' || n)::uuid AS id
    FROM areas v, generate_series(1, %(residents)s / 2) n WHERE v.level = 4
    AND NOT EXISTS (SELECT FROM households h WHERE h.village_id = v.id)
    """,
    """
    INSERT INTO households (village_id, id, kk_number, address, hamlet, rt, rw)
    SELECT village_id, id, '320115010120' || lpad(n::text, 4, '0'), 'Kp. Babakan', 'Babakan',
           lpad((n %% 9 + 1)::text, 3, '0'), lpad((n %% 12 + 1)::text, 3, '0') FROM homes
    """,
    """
    INSERT INTO persons (village_id, id, household_id, nik, name, name_key, sex, birth_date, family_role, occupation)
    SELECT village_id, md5(village_id || '/person/' || n || '/' || k)::uuid, id,
           '320115' || lpad((n %% 28 + 1)::text, 2, '0') || '0790' || lpad((2 * n + k)::text, 4, '0'),
           name, upper(replace(name, ' ', '')), CASE k WHEN 0 THEN 'L' ELSE 'P' END, date '1990-07-01' + n %% 28,
           CASE k WHEN 0 THEN 'head' ELSE 'wife' END, 'Buruh harian lepas'
    FROM homes, generate_series(0, 1) k, LATERAL (SELECT
           (ARRAY['Ujang','Siti','Dedi','Kokom','Asep','Iis','Maman','Neneng'])[(n + k) %% 8 + 1] || ' ' ||
           (ARRAY['Sutisna','Rohaeti','Kurnia','Aminah','Suhendar','Aisyah','Suparman'])[n %% 7 + 1] AS name) named
    """,
    """
    CREATE TEMP TABLE made AS
    SELECT v.village_id, i, md5('case/' || i)::uuid AS id, p.id AS person_id, p.household_id,
           i %% 2 = 0 AS is_closed, current_date - (i %% 60)::int AS began
    FROM generate_series((SELECT count(*) FROM cases), %(cases)s - 1) i
    JOIN (SELECT id AS village_id, row_number() OVER (ORDER BY id = %(village)s DESC, id) - 1 AS nth
          FROM areas WHERE level = 4) v ON v.nth = i / 2 %% (SELECT count(*) FROM areas WHERE level = 4)
    JOIN (SELECT village_id, id, household_id, row_number() OVER (PARTITION BY village_id ORDER BY id) - 1 AS nth
          FROM persons) p ON p.village_id = v.village_id AND p.nth = i / 7 %% %(residents)s
    """,
    """
    INSERT INTO cases (village_id, id, ticket, service, state, waiting, person_id, household_id, channel, priority,
        privacy_notice_given, data, rule_version, due_on, assigned_to, opened_by, opened_at, state_since, closed_at)
    SELECT village_id, id, 'CBD-26-' || lpad(i::text, 7, '0'), %(service)s,
        CASE WHEN is_closed THEN 'done'
             ELSE (ARRAY['registered', 'handling', 'recommended', 'approved'])[i / 14 %% 4 + 1] END,
        NOT is_closed AND i / 14 %% 4 = 2, person_id, household_id, 'desk',
        CASE i %% 9 WHEN 0 THEN 'urgent' ELSE 'normal' END,
        true, %(answers)s, '2025-02-05', began + 50, %(clerk)s, %(clerk)s, began, began,
        CASE WHEN is_closed THEN began + interval '2 days' END
    FROM made
    """,
    """
    INSERT INTO case_requirements (village_id, id, case_id, key, state, changed_by)
    SELECT village_id, md5(id::text || key)::uuid, id, key,
           CASE WHEN is_closed OR (i + nth) %% 3 > 0 THEN 'given' ELSE 'wanted' END, %(clerk)s
    FROM made, unnest(%(papers)s::text[]) WITH ORDINALITY AS paper (key, nth)
    """,
    """
    INSERT INTO case_events (village_id, id, case_id, kind, at, by, to_state, data)
    SELECT village_id, md5(id::text || kind)::uuid, id, kind, began, %(clerk)s,
           CASE kind WHEN 'document_seen' THEN NULL ELSE 'handling' END,
           CASE kind WHEN 'opened' THEN '{"channel": "desk"}' WHEN 'moved' THEN '{"step": "handle"}'
                ELSE '{"key": "ktp"}' END::jsonb
    FROM made, unnest(ARRAY['opened', 'moved', 'document_seen']) kind
    """,
    """
    INSERT INTO tasks (village_id, id, case_id, title, due_on, assigned_to, created_by)
    SELECT village_id, md5(id::text || 'task')::uuid, id, 'Kunjungi rumah dan foto keadaannya', began + 30,
           %(clerk)s, %(clerk)s
    FROM made WHERE NOT is_closed
    """,
)


def fill(here: Place, cases: int) -> None:
    """Add residents to the villages that have none, and cases, spread evenly over all villages, up to ``cases``.

    Foreign keys are not looked at and durability waits for the end: only the time to make the rows differs.
    """
    service = find_service(SERVICE)
    if service is None:
        raise LookupError(f"the service {SERVICE} is not installed")
    with here.superuser() as connection:
        connection.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        clerk = connection.execute("SELECT id FROM users WHERE username = %s", [CLERK]).fetchone()
        values = {
            "village": VILLAGE.id,
            "residents": RESIDENTS,
            "cases": cases,
            "service": SERVICE,
            "answers": Jsonb(ANSWERS),
            "papers": [requirement.key for requirement in service.requirements],
            "clerk": clerk and clerk[0],
        }
        for statement in STATEMENTS:
            connection.execute(statement, values)
        connection.execute("VACUUM (ANALYZE)")


def typical_case(here: Place) -> UUID:
    """An open, approved case of the measured village."""
    with here.superuser() as connection:
        found = connection.execute(
            "SELECT id FROM cases WHERE village_id = %s AND state = 'approved' ORDER BY ticket LIMIT 1",
            [VILLAGE.id],
        ).fetchone()
    if found is None:
        raise LookupError("the measured village has no approved case")
    return found[0]
