"""A person at a browser, as far as HTTP goes: cookies, and forms with their token."""

import re
import socket
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

PATIENCE = 60


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Visitor:
    """Signs in to a site and reads its pages."""

    def __init__(self, site: str) -> None:
        self.site = site
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        """Raises: HTTPError: the answer is no page."""
        with self._opener.open(self.site + path, timeout=PATIENCE) as answer:
            return answer.read().decode()

    def post(self, path: str, **fields: str) -> str:
        """Fill in the form of a page and send it, as the page's own token allows; where it leads is read."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path))
        assert token, f"{path} has no form"
        body = urlencode({"csrf_token": token[1], **fields}).encode()
        with self._opener.open(self.site + path, body, timeout=PATIENCE) as answer:
            return answer.read().decode()

    def sign_in(self, username: str, password: str) -> None:
        self.post("/sign-in", username=username, password=password)
