"""The load generator, a process of its own: ``python -m bench.load PORT CONNECTIONS SECONDS``, the request as input.

Each connection asks again as soon as it has its answer. One thread watches all of them and looks no further into an
answer than its length, so that it needs only a few per cent of what the server needs.
"""

import json
import re
import selectors
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field

from bench.browser import BUFFER, AnswerError
from bench.timing import Spread
from core.config import ROOT

FEWEST = 2  # answers that a spread needs: a first one may take longer than the time that was given
PATIENCE = 60.0


@dataclass(frozen=True)
class Load:
    """What came of it. ``cpu`` is the generator's own share of one core."""

    rate: float
    p50: float
    p95: float
    cpu: float


def load(port: int, request: bytes, *, connections: int, seconds: float) -> Load:
    """Have a process of its own ask for one page.

    Raises:
        AnswerError: not every answer was the page.
    """
    command = [sys.executable, "-m", "bench.load", str(port), str(connections), str(seconds)]
    done = subprocess.run(command, cwd=ROOT, input=request, capture_output=True, check=False)  # noqa: S603 - ourselves
    if done.returncode:
        raise AnswerError(done.stderr.decode()[-2000:])
    return Load(**json.loads(done.stdout))


@dataclass
class _Connection:
    socket: socket.socket
    asked: float = 0.0
    received: int = 0
    expected: int | None = None
    head: bytearray = field(default_factory=bytearray)

    def ask(self, request: bytes) -> None:
        self.asked, self.received, self.expected = time.perf_counter(), 0, None
        self.head.clear()
        self.socket.sendall(request)

    def is_answered(self) -> bool:
        """Take what has come; True when the answer is complete."""
        some = self.socket.recv(BUFFER)
        if not some:
            raise AnswerError("the server hung up")
        self.received += len(some)
        if self.expected is None:
            self.head += some
            self.expected = self._length()
        return self.expected is not None and self.received >= self.expected

    def _length(self) -> int | None:
        """Of head and body together, once the head is there."""
        end = self.head.find(b"\r\n\r\n")
        if end < 0:
            return None
        if not self.head.startswith(b"HTTP/1.1 200"):
            raise AnswerError(self.head[:end].decode("latin-1"))
        found = re.search(rb"(?i)\r\ncontent-length: (\d+)", self.head)
        if found is None:
            raise AnswerError("an answer without Content-Length")
        return end + 4 + int(found[1])


def drive(port: int, request: bytes, connections: int, seconds: float) -> Load:
    times: list[float] = []
    selector = selectors.DefaultSelector()
    for _ in range(connections):
        connection = _Connection(socket.create_connection(("127.0.0.1", port)))
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.ask(request)
    began, cpu = time.perf_counter(), time.process_time()
    while (now := time.perf_counter()) < began + seconds or len(times) < FEWEST:
        answering = selector.select(PATIENCE)
        if not answering:
            raise AnswerError(f"no answer in {PATIENCE} s")
        for key, _events in answering:
            if key.data.is_answered():
                times.append(time.perf_counter() - key.data.asked)
                key.data.ask(request)
    found = Spread.of(times)
    return Load(len(times) / (now - began), found.p50, found.p95, (time.process_time() - cpu) / (now - began))


if __name__ == "__main__":
    port, connections, duration = sys.argv[1:]
    result = drive(int(port), sys.stdin.buffer.read(), int(connections), float(duration))
    json.dump(vars(result), sys.stdout)
