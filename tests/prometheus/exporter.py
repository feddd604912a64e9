"""An exporter on loopback that replays the traffic of compiled promtool tests, so that a real Prometheus scrapes it."""

import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import yaml

_PIECE = re.compile(r"(-?[\d.]+)([+-][\d.]+)x(\d+)")
_HEALTHY, _OUTAGE = 30, 62
"""Minutes of a generated test with and without success: its outage begins after an hour."""


@dataclass(frozen=True)
class Source:
    """One series: grows with each scrape, reads the same, or is a time so many seconds ago."""

    series: str
    start: float
    grows: float
    follows_time: bool = False

    def line(self, scrapes: int) -> str:
        """The series in the text format."""
        value = time.time() + self.start if self.follows_time else self.start + self.grows * scrapes
        return f"{self.series} {value!r}\n"


def sources(test_text: str, *, outage: bool) -> list[Source]:
    """The series of a compiled test file as they are while all is well, or in a total outage."""
    [test] = [test for test in yaml.safe_load(test_text)["tests"] if test["name"].startswith("a total outage")]
    return [_source(given, outage) for given in test["input_series"]]


def _source(given: Mapping[str, Any], outage: bool) -> Source:
    values = [
        float(start) + float(step) * index
        for start, step, times in _PIECE.findall(given["values"])
        for index in range(int(times) + 1)
    ]
    name, at = given["series"], _OUTAGE if outage else _HEALTHY
    healthy, failing = values[_HEALTHY] - values[_HEALTHY - 1], values[_OUTAGE] - values[_OUTAGE - 1]
    if not healthy and not failing:
        return Source(name, values[at], 0)
    if healthy == failing == 60 and values[61] - values[60] != 60:
        # A point in time, which moves on while the age is the same.
        return Source(name, values[at] - at * 60, 0, follows_time=True)
    return Source(name, 0, failing if outage else healthy)


@dataclass
class Exporter:
    """What is being exported, and where."""

    sources: list[Source]
    port: int = 0
    scrapes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def page(self) -> bytes:
        """One scrape."""
        with self.lock:
            self.scrapes += 1
            unique = {source.series: source for source in self.sources}
            return "".join(source.line(self.scrapes) for source in unique.values()).encode()


@contextmanager
def exporting(replayed: list[Source]) -> Iterator[Exporter]:
    """Serves the series until the end of the block."""
    exporter = Exporter(replayed)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = exporter.page()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        exporter.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield exporter
        finally:
            server.shutdown()
            thread.join()
