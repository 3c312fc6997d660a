"""All of core's tables, each village's rows under the one row-level-security rule."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.database.rls import policies
from core.jobs import procrastinate_schema_sql

revision = "0001"
down_revision = None

VILLAGE_TABLES = (
    "counters",
    "imports",
    "households",
    "import_changes",
    "import_findings",
    "persons",
    "cases",
    "documents",
    "letters",
    "referrals",
    "tasks",
    "case_requirements",
    "referral_documents",
)


def upgrade() -> None:
    create_tables()
    for table in VILLAGE_TABLES:
        for statement in policies(table):
            op.execute(statement)
    # Timelines and the audit are written once: without a policy for a command, nobody but the owner may use it.
    written_once = (("case_events", "village_id"), ("referral_events", "village_id"), ("audit_entries", "area_id"))
    for table, column in written_once:
        for statement in policies(table, column=column, commands="select insert"):
            op.execute(statement)
    op.get_bind().exec_driver_sql(procrastinate_schema_sql().replace("%", "%%"))


def create_tables() -> None:  # noqa: PLR0915 - one statement a table
    op.create_table(
        "areas",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hi", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.String(length=13), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("timezone", sa.String(), server_default="Asia/Jakarta", nullable=False),
        sa.Column("postal_code", sa.String(length=5), nullable=True),
        sa.Column("ticket_prefix", sa.String(length=6), nullable=True),
        sa.Column("enabled", postgresql.ARRAY(sa.String()), server_default="{}", nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("hi >= id", name=op.f("ck_areas_interval")),
        sa.ForeignKeyConstraint(["parent_id"], ["areas.id"], name=op.f("fk_areas_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_areas")),
        sa.UniqueConstraint("code", name=op.f("uq_areas_code")),
    )
    op.create_index(op.f("ix_areas_parent_id"), "areas", ["parent_id"], unique=False)
    op.create_index(
        "uq_areas_district_prefix", "areas", [sa.literal_column("(id / 1000000)"), "ticket_prefix"], unique=True
    )
    op.create_table(
        "audit_entries",
        sa.Column("area_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("user_name", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("object_type", sa.String(length=32), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("request_id", sa.String(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("area_id", "seq", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_newest", "audit_entries", ["area_id", "at", "seq"], unique=False)
    op.create_index("ix_audit_entries_newest_everywhere", "audit_entries", ["at", "area_id", "seq"], unique=False)
    op.create_index("ix_audit_entries_object", "audit_entries", ["object_id", "at"], unique=False)
    op.create_table(
        "counters",
        sa.Column("series", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_counters")),
        sa.UniqueConstraint("village_id", "series", "year", name=op.f("uq_counters_village_id_series_year")),
    )
    op.create_table(
        "imports",
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="waiting", nullable=False),
        sa.Column("progress", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("summary", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_created_at", "imports", ["village_id", "created_at"], unique=False)
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("failed_attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(length=2), server_default="id", nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index("uq_users_username", "users", [sa.literal_column("lower(username)")], unique=True)
    op.create_table(
        "households",
        sa.Column("kk_number", sa.String(length=16), nullable=True),
        sa.Column("address", sa.String(), server_default="", nullable=False),
        sa.Column("hamlet", sa.String(), server_default="", nullable=False),
        sa.Column("rt", sa.String(length=3), server_default="", nullable=False),
        sa.Column("rw", sa.String(length=3), server_default="", nullable=False),
        sa.Column("decile", sa.Integer(), nullable=True),
        sa.Column("decile_on", sa.Date(), nullable=True),
        sa.Column("decile_source", sa.String(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("decile BETWEEN 1 AND 10", name=op.f("ck_households_decile")),
        sa.ForeignKeyConstraint(
            ["village_id", "import_id"],
            ["imports.village_id", "imports.id"],
            name=op.f("fk_households_village_id_import_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_households")),
    )
    op.create_index(
        "uq_households_kk_number",
        "households",
        ["village_id", "kk_number"],
        unique=True,
        postgresql_where=sa.text("kk_number IS NOT NULL"),
    )
    op.create_table(
        "import_changes",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("table", sa.String(length=16), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column(
            "before",
            postgresql.JSONB(
                none_as_null=True,
            ),
            nullable=True,
        ),
        sa.Column("version_after", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_id", "import_id"],
            ["imports.village_id", "imports.id"],
            name=op.f("fk_import_changes_village_id_import_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_import_changes")),
    )
    op.create_index("ix_import_changes", "import_changes", ["village_id", "import_id"], unique=False)
    op.create_table(
        "import_findings",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("is_error", sa.Boolean(), nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("fix", sa.String(), nullable=False),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_id", "import_id"],
            ["imports.village_id", "imports.id"],
            name=op.f("fk_import_findings_village_id_import_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_import_findings")),
    )
    op.create_index(
        "ix_import_findings_row",
        "import_findings",
        ["village_id", "import_id", "is_error", "row_no", "id"],
        unique=False,
    )
    op.create_table(
        "module_settings",
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("module", sa.String(length=32), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("locked", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_module_settings_area_id")),
        sa.PrimaryKeyConstraint("area_id", "module", name=op.f("pk_module_settings")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("sector", sa.String(length=16), nullable=False),
        sa.Column("phone", sa.String(length=20), server_default="", nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_organisations_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_index(
        "uq_organisations_name", "organisations", ["area_id", sa.literal_column("lower(name)")], unique=True
    )
    op.create_index(
        "uq_organisations_office",
        "organisations",
        ["area_id", "sector"],
        unique=True,
        postgresql_where=sa.text("sector IN ('dinsos', 'kecamatan')"),
    )
    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("browser", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_ins_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_ins")),
    )
    op.create_index(op.f("ix_sign_ins_user_id"), "sign_ins", ["user_id"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_memberships_area_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_memberships_organisation_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_area_id"), "memberships", ["area_id"], unique=False)
    op.create_index(op.f("ix_memberships_organisation_id"), "memberships", ["organisation_id"], unique=False)
    op.create_index("uq_memberships_user_area_role", "memberships", ["user_id", "area_id", "role"], unique=True)
    op.create_table(
        "persons",
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("nik", sa.String(length=16), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=False),
        sa.Column("birth_place", sa.String(), server_default="", nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("family_role", sa.String(length=16), server_default="other", nullable=False),
        sa.Column("marital_status", sa.String(), server_default="", nullable=False),
        sa.Column("religion", sa.String(), server_default="", nullable=False),
        sa.Column("education", sa.String(), server_default="", nullable=False),
        sa.Column("occupation", sa.String(), server_default="", nullable=False),
        sa.Column("father_name", sa.String(), server_default="", nullable=False),
        sa.Column("mother_name", sa.String(), server_default="", nullable=False),
        sa.Column("phone", sa.String(), server_default="", nullable=False),
        sa.Column("disability", sa.String(), server_default="", nullable=False),
        sa.Column("insurance", sa.String(length=16), server_default="", nullable=False),
        sa.Column("life_status", sa.String(length=16), server_default="alive", nullable=False),
        sa.Column("registry_match", sa.String(length=16), server_default="unchecked", nullable=False),
        sa.Column("registry_checked_on", sa.Date(), nullable=True),
        sa.Column("extra", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("sex IN ('L', 'P')", name=op.f("ck_persons_sex")),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["households.village_id", "households.id"],
            name=op.f("fk_persons_village_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "import_id"],
            ["imports.village_id", "imports.id"],
            name=op.f("fk_persons_village_id_import_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_persons")),
    )
    op.create_index("ix_persons_birth_date", "persons", ["village_id", "birth_date"], unique=False)
    op.create_index("ix_persons_household_id", "persons", ["village_id", "household_id"], unique=False)
    op.create_index("ix_persons_name", "persons", ["village_id", sa.literal_column("lower(name)"), "id"], unique=False)
    op.create_index("ix_persons_name_key", "persons", ["village_id", "name_key"], unique=False)
    op.create_index(
        "uq_persons_nik", "persons", ["village_id", "nik"], unique=True, postgresql_where=sa.text("nik IS NOT NULL")
    )
    op.create_table(
        "cases",
        sa.Column("ticket", sa.String(length=20), nullable=False),
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("waiting", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("priority", sa.String(length=16), server_default="normal", nullable=False),
        sa.Column("reporter_name", sa.String(length=120), server_default="", nullable=False),
        sa.Column("reporter_relation", sa.String(length=40), server_default="", nullable=False),
        sa.Column("reporter_phone", sa.String(length=20), server_default="", nullable=False),
        sa.Column("privacy_notice_given", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("data", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("rule_version", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("assigned_to", sa.Uuid(), nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["households.village_id", "households.id"],
            name=op.f("fk_cases_village_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "person_id"],
            ["persons.village_id", "persons.id"],
            name=op.f("fk_cases_village_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_cases")),
        sa.UniqueConstraint("village_id", "ticket", name=op.f("uq_cases_village_id_ticket")),
    )
    op.create_index(
        "ix_cases_closed",
        "cases",
        ["village_id", "closed_at", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    op.create_index("ix_cases_household_id", "cases", ["village_id", "household_id"], unique=False)
    op.create_index(
        "ix_cases_mine",
        "cases",
        ["village_id", "assigned_to", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_cases_open_due",
        "cases",
        ["village_id", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_cases_person_id", "cases", ["village_id", "person_id"], unique=False)
    op.create_table(
        "case_events",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("from_state", sa.String(length=32), nullable=True),
        sa.Column("to_state", sa.String(length=32), nullable=True),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("data", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_id", "case_id"], ["cases.village_id", "cases.id"], name=op.f("fk_case_events_village_id_case_id")
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_case_events")),
    )
    op.create_index("ix_case_events_case_id", "case_events", ["village_id", "case_id"], unique=False)
    op.create_table(
        "documents",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_id", "case_id"], ["cases.village_id", "cases.id"], name=op.f("fk_documents_village_id_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["households.village_id", "households.id"],
            name=op.f("fk_documents_village_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "person_id"],
            ["persons.village_id", "persons.id"],
            name=op.f("fk_documents_village_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_documents")),
    )
    op.create_index("ix_documents_household", "documents", ["village_id", "household_id", "kind"], unique=False)
    op.create_index("ix_documents_person", "documents", ["village_id", "person_id", "kind"], unique=False)
    op.create_table(
        "letters",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("token", sa.String(length=43), nullable=False),
        sa.Column("data", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("signer_name", sa.String(), server_default="", nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_reason", sa.String(), server_default="", nullable=False),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_id", "case_id"], ["cases.village_id", "cases.id"], name=op.f("fk_letters_village_id_case_id")
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_letters")),
        sa.UniqueConstraint("village_id", "token", name=op.f("uq_letters_village_id_token")),
        sa.UniqueConstraint("village_id", "year", "number", name=op.f("uq_letters_village_id_year_number")),
    )
    op.create_index("ix_letters_case_id", "letters", ["village_id", "case_id"], unique=False)
    op.create_table(
        "referrals",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ask", sa.String(), nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.String()), server_default="{}", nullable=False),
        sa.Column("nik", sa.String(length=8), server_default="", nullable=False),
        sa.Column("shared", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="draft", nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("decision", sa.String(length=8), server_default="", nullable=False),
        sa.Column("outcome", sa.String(), server_default="", nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_referrals_organisation_id")),
        sa.ForeignKeyConstraint(
            ["village_id", "case_id"], ["cases.village_id", "cases.id"], name=op.f("fk_referrals_village_id_case_id")
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("village_id", "number", name=op.f("uq_referrals_village_id_number")),
    )
    op.create_index(
        "ix_referrals_back",
        "referrals",
        ["organisation_id", "back_at", "village_id", "id"],
        unique=False,
        postgresql_where=sa.text("back_at IS NOT NULL"),
    )
    op.create_index("ix_referrals_case_id", "referrals", ["village_id", "case_id"], unique=False)
    op.create_index(
        "ix_referrals_inbox",
        "referrals",
        ["organisation_id", "due_on", "village_id", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('sent', 'accepted', 'processing')"),
    )
    op.create_index(
        "ix_referrals_late",
        "referrals",
        ["due_on", "village_id", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('sent', 'accepted', 'processing')"),
    )
    op.create_index(
        "ix_referrals_open",
        "referrals",
        ["village_id", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("told_at IS NULL"),
    )
    op.create_index(
        "ix_referrals_told",
        "referrals",
        ["village_id", "told_at", "id"],
        unique=False,
        postgresql_where=sa.text("told_at IS NOT NULL"),
    )
    op.create_table(
        "tasks",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("assigned_to", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_id", "case_id"], ["cases.village_id", "cases.id"], name=op.f("fk_tasks_village_id_case_id")
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_tasks")),
    )
    op.create_index("ix_tasks_case_id", "tasks", ["village_id", "case_id"], unique=False)
    op.create_index(
        "ix_tasks_due",
        "tasks",
        ["village_id", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "case_requirements",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="wanted", nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_id", "case_id"],
            ["cases.village_id", "cases.id"],
            name=op.f("fk_case_requirements_village_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "document_id"],
            ["documents.village_id", "documents.id"],
            name=op.f("fk_case_requirements_village_id_document_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_case_requirements")),
        sa.UniqueConstraint("village_id", "case_id", "key", name=op.f("uq_case_requirements_village_id_case_id_key")),
    )
    op.create_table(
        "referral_documents",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_id", "document_id"],
            ["documents.village_id", "documents.id"],
            name=op.f("fk_referral_documents_village_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "referral_id"],
            ["referrals.village_id", "referrals.id"],
            name=op.f("fk_referral_documents_village_id_referral_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_referral_documents")),
        sa.UniqueConstraint(
            "village_id",
            "referral_id",
            "document_id",
            name=op.f("uq_referral_documents_village_id_referral_id_document_id"),
        ),
    )
    op.create_table(
        "referral_events",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("data", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_id", "referral_id"],
            ["referrals.village_id", "referrals.id"],
            name=op.f("fk_referral_events_village_id_referral_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_referral_events")),
    )
    op.create_index("ix_referral_events_referral_id", "referral_events", ["village_id", "referral_id"], unique=False)


def downgrade() -> None:
    raise RuntimeError("The first migration has nothing to go back to; restore a backup instead.")
