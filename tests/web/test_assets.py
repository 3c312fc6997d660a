"""Static files: hashed addresses, caching, gzip; and what every page may weigh."""

import gzip
import re
from collections.abc import Iterator

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from core.web.assets import OWN_FOLDER, STYLES, compress, init_assets, load_assets, make_asset, serve_asset
from core.web.icons import UnknownIcon, icon

LONG_PAGE = "<p>Warga desa yang perlu dibantu</p>" * 100
CSS = load_assets()["app.css"].body.decode()


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__, static_folder=None)
    init_assets(app)

    @app.get("/long")
    def long() -> str:
        return LONG_PAGE

    @app.get("/short")
    def short() -> str:
        return "pendek"

    @app.get("/picture")
    def picture() -> Response:
        return Response(b"x" * 5000, mimetype="image/jpeg")

    @app.get("/stream")
    def stream() -> Response:
        def parts() -> Iterator[str]:
            yield LONG_PAGE
            yield LONG_PAGE

        return Response(parts(), mimetype="text/csv")

    @app.get("/tagged")
    def tagged() -> Response:
        response = Response(LONG_PAGE, mimetype="text/html")
        response.set_etag("v1")
        return response

    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def address(app: Flask, name: str) -> str:
    return app.extensions["puskesos_assets"][name].path


@pytest.mark.parametrize(
    ("name", "mimetype"),
    [
        ("app.css", "text/css"),
        ("app.js", "text/javascript"),
        ("htmx.js", "text/javascript"),
        ("favicon.svg", "image/svg+xml"),
    ],
)
def test_a_static_file_is_served_and_kept_by_the_browser_for_good(app, client, name, mimetype):
    response = client.get(address(app, name))
    assert response.status_code == 200
    assert response.mimetype == mimetype
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.data == load_assets()[name].body


def test_the_address_changes_with_the_content():
    assert make_asset("a.css", b"p{}").path != make_asset("a.css", b"p{color:red}").path
    assert make_asset("a.css", b"p{}").path == make_asset("a.css", b"p{}").path


def test_templates_find_the_address_below_the_mount_point(app):
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/puskesos"}):
        found = app.jinja_env.from_string("{{ asset('app.css') }}").render()
    assert found == "/puskesos" + address(app, "app.css")


def test_a_static_file_arrives_compressed_only_where_the_browser_takes_it(app, client):
    zipped = client.get(address(app, "app.css"), headers={"Accept-Encoding": "br, gzip"})
    plain = client.get(address(app, "app.css"), headers={"Accept-Encoding": "gzip;q=0"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"


def test_the_address_of_the_previous_release_leads_to_todays_file(app, client):
    response = client.get("/static/000000000000/app.css")
    assert response.status_code == 302
    assert response.location == address(app, "app.css")
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["missing.css", "../assets.py", "css/tokens.css", "%2e%2e/assets.py", "app.css/"])
def test_nothing_but_the_listed_files_can_be_asked_for(client, name):
    assert client.get(f"/static/000000000000/{name}").status_code == 404


def test_static_files_need_no_sign_in():
    assert vars(serve_asset)["permission"] == "public"


def test_every_style_sheet_is_part_of_the_bundle():
    assert sorted(STYLES) == sorted(file.stem for file in (OWN_FOLDER / "css").iterdir())


def test_a_page_with_all_styles_and_scripts_stays_under_sixty_kilobytes():
    room_for_the_page = 15_000
    assert sum(len(asset.gzipped) for asset in load_assets().values()) + room_for_the_page < 60_000


def test_a_long_page_arrives_compressed_and_whole(client):
    response = client.get("/long", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert int(response.headers["Content-Length"]) == len(response.data) < len(LONG_PAGE) / 5
    assert gzip.decompress(response.data).decode() == LONG_PAGE


def test_a_browser_without_gzip_gets_the_plain_page_and_caches_know_the_difference(client):
    response = client.get("/long")
    assert response.text == LONG_PAGE
    assert response.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["/short", "/picture", "/stream"])
def test_short_pictured_and_streamed_answers_are_left_alone(client, path):
    assert "Content-Encoding" not in client.get(path, headers={"Accept-Encoding": "gzip"}).headers


def test_what_is_compressed_already_is_not_compressed_again(app):
    ready = Response(gzip.compress(LONG_PAGE.encode()), mimetype="text/html", headers={"Content-Encoding": "gzip"})
    with app.test_request_context("/", headers={"Accept-Encoding": "gzip"}):
        assert gzip.decompress(compress(ready).get_data()).decode() == LONG_PAGE


def test_a_compressed_page_has_a_weak_etag(client):
    assert client.get("/tagged").headers["ETag"] == '"v1"'
    assert client.get("/tagged", headers={"Accept-Encoding": "gzip"}).headers["ETag"] == 'W/"v1"'


def test_the_size_of_a_compressed_page_says_nothing_exact_about_its_secrets(client):
    sizes = {len(client.get("/long", headers={"Accept-Encoding": "gzip"}).data) for _ in range(40)}
    assert len(sizes) > 5


def test_an_icon_is_hidden_from_screen_readers_unless_it_has_a_label(app):
    with app.app_context():
        assert 'aria-hidden="true"' in icon("house-door")
        assert 'role="img" aria-label="Rumah &lt;b&gt;"' in icon("house-door", "Rumah <b>")


def test_a_misspelt_icon_fails_in_tests_and_becomes_a_dot_in_service(app, caplog):
    with app.app_context():
        assert icon("no-such-icon") == icon("dot")
        assert "no-such-icon" in caplog.text
        app.testing = True
        with pytest.raises(UnknownIcon):
            icon("no-such-icon")


def token(name: str) -> str:
    found = re.search(rf"--{name}: (#[0-9a-f]{{6}})", CSS)
    assert found, name
    return found[1]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("text", "surface"),
    [("ink", "ground"), ("ink-2", "ground"), ("ink-2", "accent-soft"), ("accent", "ground"), ("accent", "accent-soft")]
    + [("accent-ink", "accent"), ("accent-ink", "late"), ("late", "paper"), ("ink", "due-soft"), ("ink-2", "line")]
    + [(state, f"{state}-soft") for state in ("late", "due", "ok", "wait")],
)
def test_text_is_legible_on_its_surface(text, surface):
    assert contrast(token(text), token(surface)) >= 4.5


@pytest.mark.parametrize("surface", ["paper", "ground"])
@pytest.mark.parametrize("edge", ["edge", "new", "accent"])
def test_the_edge_of_a_control_stands_out(edge, surface):
    assert contrast(token(edge), token(surface)) >= 3


def test_no_text_is_smaller_than_fourteen_pixels():
    on_screen = CSS.split("@media print")[0]
    sizes = [float(size) for size in re.findall(r"(?:font-size|--small): ([\d.]+)rem", on_screen)]
    assert sizes
    assert min(sizes) * 16 >= 14


def test_styles_read_only_tokens_that_exist():
    assert set(re.findall(r"var\(--([\w-]+)", CSS)) <= set(re.findall(r"--([\w-]+):", CSS))
