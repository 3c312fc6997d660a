"""A local stand-in for graph.facebook.com: a real HTTP server with the API's own shapes, errors and delays."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Request:
    path: str
    token: str
    body: dict[str, Any]


@dataclass
class FakeGraph:
    """What it was asked, and what it answers next: by default it takes everything."""

    requests: list[Request] = field(default_factory=list)
    answers: list[tuple[int, dict[str, Any] | str, dict[str, str], float]] = field(default_factory=list)
    url: str = ""

    def will_answer(self, status: int, body: dict[str, Any] | str, delay: float = 0, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, body, named, delay))

    def will_refuse(self, status: int, code: int, **headers: str) -> None:
        self.will_answer(status, error(code), 0, **headers)


def error(code: int) -> dict[str, Any]:
    """As the Graph API says it."""
    return {
        "error": {
            "message": f"(#{code}) Something",
            "type": "OAuthException",
            "code": code,
            "error_subcode": 2494073,
            "error_data": {"messaging_product": "whatsapp", "details": "Something in detail"},
            "fbtrace_id": "Az8or2yhqkZfEZ-_4Qn_Bam",
        }
    }


def accepted(body: dict[str, Any], number: int) -> dict[str, Any]:
    return {
        "messaging_product": "whatsapp",
        "contacts": [{"input": body["to"], "wa_id": body["to"]}],
        "messages": [{"id": f"wamid.HBgN{number:06d}", "message_status": "accepted"}],
    }


def start() -> tuple[FakeGraph, ThreadingHTTPServer]:
    graph = FakeGraph()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            graph.requests.append(Request(self.path, self.headers.get("Authorization", ""), body))
            status, answer, headers, delay = (
                graph.answers.pop(0) if graph.answers else (200, accepted(body, len(graph.requests)), {}, 0)
            )
            time.sleep(delay)
            sent = answer if isinstance(answer, str) else json.dumps(answer)
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(sent.encode())
            except OSError:
                pass  # whoever asked did not wait

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    graph.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return graph, server
