"""What a plugin's settings are in an area, whoever asks, and from which process."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import ProgrammingError

from core.areas.code import AreaCode
from core.database.session import commit, db, scope
from core.plugins.guard import for_a_page
from core.settings.changing import LockedAbove, SettingsWish, change_settings, hold_settings
from core.settings.form import Settings
from core.settings.models import PluginSetting
from core.settings.reading import OutsideScope, settings_of, settings_of_all
from core.testing import FOREIGN, SIBLING, VILLAGE, SignInAs, at
from plugins.sktm.settings import LetterSettings

from .conftest import DISTRICT, KECAMATAN, CourierSettings, Start

pytestmark = pytest.mark.usefixtures("areas")


def put(app: Flask, code: str, locks: tuple[str, ...] = (), reset: tuple[str, ...] = (), **values: object) -> None:
    """Set at an area, as somebody there would."""
    area = AreaCode.parse(code)
    secrets = {"token": str(values.pop("token"))} if "token" in values else {}
    with app.app_context(), scope(area):
        hold_settings()
        wish = SettingsWish(values, secrets, frozenset(reset), dict.fromkeys(locks, True))
        change_settings(area, "courier", wish)
        commit()


def found(app: Flask, code: str) -> Settings:
    with at(app, code) as area:
        return settings_of(area, CourierSettings)


# ---- values ----


def test_what_nobody_set_is_the_default_of_the_form(app: Flask) -> None:
    settings = found(app, VILLAGE)
    assert (settings.sender, settings.days, settings.urgent, settings.channel) == ("Puskesos", 5, False, "wa")
    assert (settings.since, settings.price, settings.token) == (None, None, None)


def test_a_value_has_the_type_that_its_field_makes(app: Flask) -> None:
    put(app, VILLAGE, days=7, urgent=True, since="2026-01-05", price="12.50", channel="sms")
    settings = found(app, VILLAGE)
    assert (settings.days, settings.urgent, settings.channel) == (7, True, "sms")
    assert (settings.since, settings.price) == (date(2026, 1, 5), Decimal("12.50"))


def test_a_value_that_no_longer_fits_its_field_counts_as_empty(app: Flask) -> None:
    put(app, VILLAGE, since="besok")
    assert found(app, VILLAGE).since is None


def test_a_name_that_is_not_declared_is_an_error_and_nothing_can_be_assigned(app: Flask) -> None:
    settings = found(app, VILLAGE)
    with pytest.raises(AttributeError, match="dayz"):
        _ = settings.dayz
    with pytest.raises(AttributeError):
        settings.days = 3


def test_a_form_of_no_loaded_plugin_has_no_settings(app: Flask) -> None:
    class Stranger(CourierSettings):
        pass

    with at(app, VILLAGE) as area, pytest.raises(LookupError, match="Stranger"):
        settings_of(area, Stranger)


# ---- inheritance ----


def test_the_nearest_area_that_set_it_wins(app: Flask) -> None:
    put(app, "32", days=2)
    assert found(app, VILLAGE).days == 2
    put(app, DISTRICT, days=3)
    put(app, KECAMATAN, days=4)
    put(app, VILLAGE, days=6)
    days = {code: found(app, code).days for code in ("32", DISTRICT, KECAMATAN, VILLAGE, SIBLING, FOREIGN)}
    assert days == {"32": 2, DISTRICT: 3, KECAMATAN: 4, VILLAGE: 6, SIBLING: 4, FOREIGN: 2}


def test_what_is_reset_is_inherited_again(app: Flask) -> None:
    put(app, DISTRICT, days=3)
    put(app, VILLAGE, days=6)
    put(app, VILLAGE, reset=("days",))
    assert found(app, VILLAGE).days == 3


def test_a_lock_above_beats_what_was_set_below_before_and_refuses_what_comes_after(app: Flask) -> None:
    put(app, VILLAGE, days=6)
    put(app, DISTRICT, days=3, locks=("days",))
    assert found(app, VILLAGE).days == 3
    with pytest.raises(LockedAbove) as refused:
        put(app, VILLAGE, days=7)
    assert refused.value.locked == {"days": AreaCode.parse(DISTRICT).id}
    put(app, VILLAGE, sender="Desa")
    assert found(app, VILLAGE).sender == "Desa"


def test_one_setting_is_inherited_while_another_deviates(app: Flask) -> None:
    put(app, DISTRICT, days=3, sender="Dinsos")
    put(app, VILLAGE, sender="Desa")
    assert (found(app, VILLAGE).days, found(app, VILLAGE).sender) == (3, "Desa")


# ---- secrets ----


def test_a_plugin_reads_a_secret_in_plain_and_the_database_does_not(app: Flask, owner_engine: Engine) -> None:
    put(app, DISTRICT, token="rahasia-sekali")
    assert found(app, VILLAGE).token == "rahasia-sekali"
    assert "rahasia-sekali" not in repr(found(app, VILLAGE))
    with owner_engine.begin() as connection:
        connection.execute(text("SET LOCAL puskesos.lo = '0'; SET LOCAL puskesos.hi = '9999999999'"))
        for table in ("plugin_settings", "plugin_setting_changes", "audit_entries"):
            rows = connection.execute(text(f"SELECT t::text FROM {table} t")).scalars().all()
            assert rows
            assert not any("rahasia" in row or b"rahasia-sekali".hex() in row for row in rows)


def test_a_secret_that_was_copied_to_another_area_opens_for_nobody(app: Flask) -> None:
    put(app, VILLAGE, token="rahasia-sekali")
    put(app, SIBLING, token="yang-lain-lagi")
    with app.app_context(), scope(AreaCode.parse(KECAMATAN)):
        rows = {row.area_id: row for row in db.session.query(PluginSetting)}
        rows[AreaCode.parse(SIBLING).id].sealed = rows[AreaCode.parse(VILLAGE).id].sealed
        commit()
    assert found(app, SIBLING).token is None
    assert found(app, VILLAGE).token == "rahasia-sekali"


def test_with_another_key_a_secret_is_missing_and_all_else_is_there(app: Flask, start: Start) -> None:
    put(app, DISTRICT, token="rahasia-sekali", days=3)
    rotated = start(secret_key="another key")
    assert (found(rotated, VILLAGE).token, found(rotated, VILLAGE).days) == (None, 3)


# ---- isolation ----


def test_a_village_sees_no_other_villages_settings_even_by_sql(app: Flask) -> None:
    put(app, DISTRICT, days=3)
    put(app, SIBLING, sender="Tetangga")
    put(app, FOREIGN, sender="Jauh")
    put(app, "32.02", days=9)
    with at(app, VILLAGE):
        seen = db.session.execute(text("SELECT area_id FROM plugin_settings")).scalars().all()
        changes = db.session.execute(text("SELECT area_id FROM plugin_setting_changes")).scalars().all()
    assert seen == [AreaCode.parse(DISTRICT).id]
    assert changes == []
    assert found(app, VILLAGE).sender == "Puskesos"


@pytest.mark.parametrize("other", [SIBLING, FOREIGN, DISTRICT])
def test_settings_of_an_area_outside_the_scope_cannot_be_asked_for(app: Flask, other: str) -> None:
    with at(app, VILLAGE), pytest.raises(OutsideScope):
        settings_of(AreaCode.parse(other), CourierSettings)


def test_a_district_reads_the_settings_of_its_villages(app: Flask) -> None:
    put(app, VILLAGE, days=6)
    with at(app, DISTRICT):
        assert settings_of(AreaCode.parse(VILLAGE), CourierSettings).days == 6
        assert settings_of(AreaCode.parse(SIBLING), CourierSettings).days == 5


@pytest.mark.parametrize("target", [SIBLING, FOREIGN, KECAMATAN, DISTRICT, "32"])
def test_from_a_village_nothing_can_be_written_elsewhere(app: Flask, target: str) -> None:
    put(app, target, days=3)
    area = AreaCode.parse(target)
    with at(app, VILLAGE):
        touched = db.session.execute(
            text("UPDATE plugin_settings SET value = '9' WHERE area_id = :area"), {"area": area.id}
        )
        assert touched.rowcount == 0  # pyright: ignore[reportAttributeAccessIssue]
        deleted = db.session.execute(text("DELETE FROM plugin_settings WHERE area_id = :area"), {"area": area.id})
        assert deleted.rowcount == 0  # pyright: ignore[reportAttributeAccessIssue]
        with pytest.raises(OutsideScope):
            change_settings(area, "courier", SettingsWish({"days": 9}))
        with pytest.raises(ProgrammingError, match="row-level security"):
            db.session.execute(
                text(
                    "INSERT INTO plugin_settings (area_id, area_hi, plugin, name, user_name)"
                    " VALUES (:area, :hi, 'plain', 'x', '-')"
                ),
                {"area": area.id, "hi": area.hi},
            )
    assert found(app, target).days == 3


def test_what_was_changed_cannot_be_rewritten(app: Flask) -> None:
    put(app, VILLAGE, days=6)
    with at(app, VILLAGE), pytest.raises(ProgrammingError, match="permission denied"):
        db.session.execute(text("UPDATE plugin_setting_changes SET user_name = 'orang lain'"))


# ---- cost, and other processes ----


def queries(app: Flask, ask: Callable[[], object]) -> list[str]:
    """The statements about settings while ``ask`` runs."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "plugin_setting" in statement:
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return seen


def test_all_plugins_that_ask_on_a_page_cost_one_query_together(app: Flask) -> None:
    def ask() -> None:
        with at(app, VILLAGE) as area:
            for _time in range(3):
                settings_of(area, CourierSettings)
                settings_of(area, LetterSettings)

    assert len(queries(app, ask)) == 1


def test_those_of_all_villages_cost_one_query_and_are_the_same(app: Flask) -> None:
    put(app, DISTRICT, days=3)
    put(app, SIBLING, days=9)
    codes = [AreaCode.parse(code) for code in (VILLAGE, SIBLING)]

    def ask() -> None:
        with at(app, DISTRICT):
            found = settings_of_all(codes, CourierSettings)
            assert [found[code.id].days for code in codes] == [3, 9]
            assert settings_of(codes[1], CourierSettings).days == 9

    assert len(queries(app, ask)) == 1
    with at(app, VILLAGE), pytest.raises(OutsideScope):
        settings_of_all(codes, CourierSettings)


def test_a_display_hook_that_asks_has_written_nothing(app: Flask) -> None:
    """The guard around display hooks drops the work of one that wrote."""
    with at(app, VILLAGE) as area:
        assert for_a_page(lambda: settings_of(area, CourierSettings).days, lambda: None) == 5


def test_a_page_that_asks_for_none_costs_no_query(app: Flask, sign_in: SignInAs) -> None:
    client = sign_in("village_head")
    assert queries(app, lambda: client.get(f"/{VILLAGE}/people")) == []


def test_a_change_is_in_force_with_the_next_request_of_every_process(app: Flask, start: Start) -> None:
    other = start()
    assert (found(app, VILLAGE).days, found(other, VILLAGE).days) == (5, 5)
    put(app, DISTRICT, days=3)
    assert (found(app, VILLAGE).days, found(other, VILLAGE).days) == (3, 3)
    put(other, VILLAGE, days=4)
    assert (found(app, VILLAGE).days, found(other, VILLAGE).days) == (4, 4)


def test_within_one_request_a_change_is_seen_too(app: Flask) -> None:
    with at(app, VILLAGE) as area:
        assert settings_of(area, CourierSettings).days == 5
        hold_settings()
        change_settings(area.interval, "courier", SettingsWish({"days": 8}))
        assert settings_of(area, CourierSettings).days == 8
        db.session.rollback()
        assert settings_of(area, CourierSettings).days == 5
