"""A real Prometheus on loopback for a while."""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen


class Prometheus:
    """Its API."""

    def __init__(self, port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self._base = f"http://127.0.0.1:{port}/api/v1/"
        self._process, self._log = process, log

    def get(self, path: str, **parameters: str) -> Any:
        """What the API answers."""
        assert self._process.poll() is None, "Prometheus has ended:\n" + self.log()
        with urlopen(self._base + path + "?" + urlencode(parameters), timeout=30) as answer:
            return json.load(answer)["data"]

    def query(self, expr: str, **parameters: str) -> list[dict[str, Any]]:
        """The samples of an instant query."""
        found: list[dict[str, Any]] = self.get("query", query=expr, **parameters)["result"]
        return found

    def processor_time(self) -> float:
        """Seconds of processor time that it has taken up to now, as it says itself."""
        with urlopen(self._base.removesuffix("api/v1/") + "metrics", timeout=30) as answer:
            [line] = [line for line in answer.read().decode().splitlines() if line.startswith("process_cpu_seconds")]
        return float(line.split()[1])

    def rules(self) -> list[dict[str, Any]]:
        """All rules of all groups."""
        return [rule for group in self.get("rules")["groups"] for rule in group["rules"]]

    def log(self) -> str:
        """The end of its log."""
        return self._log.read_text(encoding="utf-8", errors="replace")[-4000:]

    def wait(self, holds: Callable[[], bool], seconds: float, what: str) -> None:
        """Waits until something holds; fails with the log when it does not in time."""
        end = time.monotonic() + seconds
        while True:
            try:
                if holds():
                    return
            except (URLError, ConnectionError, TimeoutError):
                pass
            assert self._process.poll() is None, "Prometheus has ended:\n" + self.log()
            assert time.monotonic() < end, f"not within {seconds:g}s: {what}\n{self.log()}"
            time.sleep(0.5)


@contextmanager
def prometheus(folder: Path, configuration: dict[str, Any], *options: str) -> Iterator[Prometheus]:
    """Starts Prometheus with a configuration, and ends it whatever happens."""
    program = shutil.which("prometheus")
    assert program, "prometheus is needed for these tests: install Prometheus"
    file, log = folder / "prometheus.json", folder / "prometheus.log"
    # JSON is YAML.
    file.write_text(json.dumps(configuration), encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        program,
        f"--config.file={file}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        *options,
    ]
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=folder) as process:
        try:
            server = Prometheus(port, process, log)
            server.wait(lambda: bool(server.get("status/runtimeinfo")), 60, "Prometheus answers")
            yield server
        finally:
            process.kill()
            process.wait()
