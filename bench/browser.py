"""A browser over one plain socket: cookies, forms, and how many bytes went over the wire."""

import re
import socket
from dataclasses import dataclass, field
from urllib.parse import urlencode

BUFFER = 1 << 18


@dataclass(frozen=True)
class Answer:
    """``wire`` counts the bytes of status line, headers and body as they arrived."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    wire: int

    @property
    def text(self) -> str:
        return self.body.decode()


class AnswerError(Exception):
    """An answer that is not the page that was to be measured."""


def exchange(connection: socket.socket, request: bytes) -> tuple[bytes, bytes]:
    """Send a request and read its answer: the head without its blank line, and the body.

    Raises:
        AnswerError: the server hung up, or does not say how long its answer is.
    """
    connection.sendall(request)
    received = b""
    while (end := received.find(b"\r\n\r\n")) < 0:
        received += _some(connection)
    head, body = received[:end], received[end + 4 :]
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    if length is None:
        raise AnswerError("an answer without Content-Length")
    while len(body) < int(length[1]):
        body += _some(connection)
    return head, body


def _some(connection: socket.socket) -> bytes:
    received = connection.recv(BUFFER)
    if not received:
        raise AnswerError("the server hung up")
    return received


@dataclass
class Browser:
    """One visitor of a server on this machine."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        return self._send(self.request("GET", path, headers))

    def post(self, path: str, **fields: str) -> Answer:
        body = urlencode(fields).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        return self._send(self.request("POST", path, headers) + body)

    def request(self, method: str, path: str, headers: dict[str, str]) -> bytes:
        """What goes over the wire, with the cookies as they are now."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "\r\n"]).encode()

    def _send(self, request: bytes) -> Answer:
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            head, body = exchange(connection, request)
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = [(name.lower(), value.strip()) for name, _colon, value in (line.partition(":") for line in lines)]
        for name, value in headers:
            if name == "set-cookie":
                key, _equals, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return Answer(int(status.split()[1]), headers, body, len(head) + 4 + len(body))

    def sign_in(self, username: str, password: str, code: str | None = None) -> None:
        """As a person does, through the form; and one page more, after which the cookie stays as it is.

        Args:
            code: for the second step, of who has one.

        Raises:
            AnswerError: it did not work.
        """
        self._fill_in("/sign-in", username=username, password=password)
        if code is not None:
            self._fill_in("/sign-in/code", code=code)
        self.get("/account/password")

    def _fill_in(self, path: str, **fields: str) -> None:
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(path).text)
        if token is None:
            raise AnswerError(f"{path} has no form")
        answer = self.post(path, **fields, csrf_token=token[1])
        if answer.status != 302:
            raise AnswerError(f"{path} answered {answer.status}")
