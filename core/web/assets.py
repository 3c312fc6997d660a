"""Style sheets and scripts under content-hashed URLs, and gzip for everything textual.

Our own files lie in `core/web/static`; htmx comes out of its wheel. Bootstrap's style sheet is left out on purpose: it
would add 31 kB gzipped to the first page, for a reset and a grid that fill one small file of ours, `base.css`.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from secrets import randbelow

from flask import Flask, Response, abort, current_app, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

OWN_FOLDER = Path(__file__).parent / "static"
STYLES = ("tokens", "base", "shell", "parts", "forms", "tables", "charts", "print")  # in the order of the cascade
FROM_WHEELS = {"htmx.js": ("js_lib_htmx", "static/htmx/htmx.min.js")}

FOREVER = "public, max-age=31536000, immutable"
TEXTUAL = {"text/html", "text/plain", "text/css", "text/csv", "application/json", "application/problem+json"}
WORTH_COMPRESSING = 800  # bytes; below this, header and CPU cost more than the line saves
PADDING = 100  # bytes

mimetypes.add_type("text/javascript", ".js")


@dataclass(frozen=True)
class Asset:
    """One static file, held in memory ready to send."""

    name: str
    body: bytes
    gzipped: bytes
    mimetype: str
    digest: str

    @property
    def path(self) -> str:
        return f"/static/{self.digest}/{self.name}"


def wheel_file(package: str, path: str) -> Path:
    """A data file of an installed package, found without importing the package. Raises LookupError."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise LookupError(f"package {package} is not installed")
    return Path(spec.origin).parent / path


def make_asset(name: str, body: bytes) -> Asset:
    return Asset(
        name=name,
        body=body,
        gzipped=gzip.compress(body, 9, mtime=0),
        mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream",
        digest=hashlib.sha256(body).hexdigest()[:12],
    )


def load_assets() -> dict[str, Asset]:
    """Every file that may be served, by its public name. Nothing else can be asked for."""
    bodies = {file.name: file.read_bytes() for file in OWN_FOLDER.iterdir() if file.is_file()}
    bodies |= {name: wheel_file(*where).read_bytes() for name, where in FROM_WHEELS.items()}
    # One request instead of seven: on a bad line each costs a round trip.
    bodies["app.css"] = b"".join((OWN_FOLDER / "css" / f"{part}.css").read_bytes() for part in STYLES)
    return {name: make_asset(name, body) for name, body in bodies.items()}


def assets() -> dict[str, Asset]:
    return current_app.extensions["puskesos_assets"]


def asset_url(name: str) -> str:
    """Where the browser finds a static file now; Jinja's `asset('app.css')`. Raises KeyError for a name not served."""
    return request.script_root + assets()[name].path


def serve_asset(digest: str, name: str) -> WerkzeugResponse:
    found = assets().get(name)
    if found is None:
        abort(404)
    if digest != found.digest:
        # A page rendered by the previous release asks for the previous hash; it gets today's file, uncached.
        stale = redirect(asset_url(name))
        stale.headers["Cache-Control"] = "no-store"
        return stale
    zipped = accepts_gzip()
    response = Response(found.gzipped if zipped else found.body, mimetype=found.mimetype)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = FOREVER
    response.vary.add("Accept-Encoding")
    return response


vars(serve_asset)["permission"] = "public"


def accepts_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0


def compress(response: Response) -> Response:
    """Gzip a textual response on its way out, where the browser takes it and the size is worth it."""
    if response.mimetype not in TEXTUAL or response.direct_passthrough or response.is_streamed:
        return response
    if "Content-Encoding" in response.headers or response.status_code in (204, 206, 304):
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) <= WORTH_COMPRESSING or not accepts_gzip():
        return response
    response.set_data(gzip_padded(body))
    response.headers["Content-Encoding"] = "gzip"
    etag, weak = response.get_etag()
    if etag and not weak:
        response.set_etag(etag, weak=True)
    return response


def gzip_padded(body: bytes) -> bytes:
    """Gzip with a file name of random length in its header.

    Compressed size would otherwise tell, over many tries, whether reflected input equals a secret on the page such as
    the CSRF token (the BREACH attack; remedy "Heal the Breach", IEEE Access 2022, as Django ships it).
    """
    zipped = BytesIO()
    with gzip.GzipFile("x" * randbelow(PADDING), "wb", compresslevel=5, fileobj=zipped, mtime=0) as stream:
        stream.write(body)
    return zipped.getvalue()


def init_assets(app: Flask) -> None:
    """Load the static files, serve them under `/static/<hash>/<name>`, and compress textual responses."""
    app.extensions["puskesos_assets"] = load_assets()
    app.add_url_rule("/static/<digest>/<path:name>", "asset", serve_asset)
    app.jinja_env.globals["asset"] = asset_url
    app.after_request(compress)
