"""The addresses that stand on paper, and whose word about them is taken."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, request

from core.application import build
from core.config import Config, ConfigError
from core.testing import VILLAGE, test_config
from core.web.urls import public_url


def built(tmp_path: Path, **settings: object) -> Flask:
    config = replace(test_config(tmp_path), **settings)  # pyright: ignore[reportArgumentType] - fields by name
    return build(config, "postgresql+psycopg://nobody@/nowhere")


def test_a_qr_code_leads_to_the_public_address(tmp_path: Path) -> None:
    app = built(tmp_path, base_url="https://puskesos.example")
    with app.test_request_context("http://10.0.0.5:8000/"):
        assert public_url("cases.status", area=VILLAGE, ticket="CBD-26-0001") == (
            f"https://puskesos.example/{VILLAGE}/status/CBD-26-0001"
        )


def test_without_one_it_leads_where_the_request_was_asked(tmp_path: Path) -> None:
    with built(tmp_path).test_request_context("http://desa.example:8000/"):
        assert public_url("users.sign_in") == "http://desa.example:8000/sign-in"


@pytest.mark.parametrize(("proxies", "address"), [(0, "10.0.0.1"), (1, "203.0.113.7")])
def test_only_a_proxy_of_ours_is_believed_about_the_askers_address(tmp_path: Path, proxies: int, address: str) -> None:
    app = built(tmp_path, proxies=proxies)
    seen: list[str | None] = []
    app.before_request_funcs[None].insert(0, lambda: seen.append(request.remote_addr))
    app.test_client().get(
        "/sign-in", headers={"X-Forwarded-For": "203.0.113.7"}, environ_base={"REMOTE_ADDR": "10.0.0.1"}
    )
    assert seen == [address]


@pytest.mark.parametrize(
    "environment",
    [
        {"PUSKESOS_ENV": "prod"},
        {"PUSKESOS_PROXIES": "one"},
        {"MAX_UPLOAD_MB": "large"},
        {"DATABASE_URL": "mysql://somewhere/x"},
    ],
)
def test_a_setting_that_is_not_understood_is_named(tmp_path: Path, environment: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=next(iter(environment))):
        Config.from_environment({"PUSKESOS_DATA": str(tmp_path), **environment})


def test_the_secret_key_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    first = Config.from_environment({"PUSKESOS_DATA": str(tmp_path)})
    assert Config.from_environment({"PUSKESOS_DATA": str(tmp_path)}).secret_key == first.secret_key
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
