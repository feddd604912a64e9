"""Runs Alertmanager and its tool on compiled configurations. Without them these tests fail: nothing else proves one."""

import json
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from servicescape.catalog.catalog import Catalog
from servicescape.compile.alertmanager.base import Base, read_base
from servicescape.compile.alertmanager.configuration import FILE, CompiledAlertmanager, compile_alertmanager
from servicescape.compile.options import CompileOptions
from servicescape.compile.prometheus import compile_prometheus
from servicescape.compile.rule import Rule
from servicescape.model.settings import AlertmanagerSettings
from tests.support.loading import entity_text, read_files, source_of

PROGRAMS = ("alertmanager", "prometheus-alertmanager")
"""The program as its makers call it, and as Debian does."""


def program(*names: str) -> str:
    """The first of these programs that is there."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    assert found, f"{names[-1]} is needed for these tests: install Alertmanager"
    return found


def amtool(*arguments: str) -> str:
    """Runs amtool and gives what it printed; a failure of it is a failure of the test."""
    done = subprocess.run(
        [program("amtool"), *arguments], capture_output=True, text=True, check=False, timeout=60, cwd="/"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# --- catalogs


def team(name: str, spec: str = "") -> str:
    return entity_text("Team", name, spec)


def part(
    name: str,
    *,
    owner: str,
    needs: Sequence[str] = (),
    by: str = "",
    slos: Sequence[str] = ("",),
    kind: str = "Service",
) -> str:
    """A component with an SLO for each of `slos`, which hold further keys of it; `by` groups their queries."""
    sums = f"sum by ({by})" if by else "sum"
    spec = [f"owner: {owner}"]
    if needs:
        spec.append(f"dependsOn: [{', '.join(needs)}]")
    if slos:
        spec.append("slos:")
    for number, further in enumerate(slos):
        query = f'http_requests_total{{job="{name}-{number}"'
        bad, total = f'{sums} (rate({query},code="500"}}[{{{{window}}}}]))', f"{sums} (rate({query}}}[{{{{window}}}}]))"
        spec += [
            f"  - name: {name}-{number}",
            "    objective: 99.9",
            f"    indicator: {{ratio: {{bad: '{bad}', total: '{total}'}}}}",
            *(f"    {line}" for line in further.splitlines()),
        ]
    return entity_text(kind, name, "\n".join(spec))


def read(*entities: str) -> Catalog:
    """A catalog in which nothing is wrong."""
    found = read_files({"catalog/a.yaml": "".join(entities)})
    assert not found.findings, [finding.message for finding in found.findings]
    return found.catalog


def rules_of(catalog: Catalog) -> list[Rule]:
    compiled = compile_prometheus(catalog, options=CompileOptions(tests=False))
    assert not compiled.uncompiled
    return [rule for file in compiled.rule_files for group in file.groups for rule in group.rules]


def compiled(catalog: Catalog, base: str | None = None, **settings: Any) -> CompiledAlertmanager:
    """The configuration of a catalog; settings by the names of their fields."""
    wanted = AlertmanagerSettings().model_copy(update=settings)
    found: Base | None = read_base(source_of(base, "alertmanager.base.yaml")) if base is not None else None
    return compile_alertmanager(catalog, rules_of(catalog), wanted, found)


def labels_of(catalog: Catalog, *, window: str | None = "1h", **others: str) -> dict[str, dict[str, str]]:
    """Labels of the alert of each SLO about this window, as Prometheus would send them; `others` on top."""
    return {
        rule.labels["slo"]: {"alertname": rule.alert, **rule.labels, **others}
        for rule in rules_of(catalog)
        if rule.alert is not None and rule.labels.get("window") == window
    }


def written(folder: Path, configuration: CompiledAlertmanager | str) -> Path:
    """Writes a configuration that amtool accepts."""
    file = folder / "alertmanager.yaml"
    text = configuration if isinstance(configuration, str) else configuration.files[FILE]
    file.write_bytes(text.encode())
    amtool("check-config", str(file))
    return file


def routed(file: Path, labels: Mapping[str, str]) -> str:
    """Receivers of an alert with these labels."""
    pairs = [f"{name}={value}" for name, value in labels.items()]
    return amtool("config", "routes", "test", f"--config.file={file}", *pairs).strip()


# --- a running Alertmanager


@dataclass(frozen=True)
class Notification:
    """What a receiver was told."""

    receiver: str
    status: str
    components: tuple[str, ...]
    """Components of the alerts that fire, sorted."""


@dataclass
class Receivers:
    """A server that takes notifications, each receiver at a path of its own."""

    port: int = 0
    taken: list[Notification] = field(default_factory=list)

    def base(self, *names: str, route: str = "receiver: default") -> str:
        """A base in which these receivers notify this server."""
        receivers = "".join(
            f"  - name: {name}\n    webhook_configs: [{{url: 'http://127.0.0.1:{self.port}/{name}'}}]\n"
            for name in ("default", *names)
        )
        return f"route:\n  {route}\nreceivers:\n{receivers}"


@contextmanager
def listening() -> Iterator[Receivers]:
    """Takes notifications for as long as it lasts."""
    receivers = Receivers()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            firing = [alert["labels"] for alert in body["alerts"] if alert["status"] == "firing"]
            names = tuple(sorted(labels.get("component", labels.get("journey", "")) for labels in firing))
            receivers.taken.append(Notification(self.path.strip("/"), body["status"], names))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receivers.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield receivers
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True)
class Running:
    """An Alertmanager of our own."""

    port: int

    def send(self, alerts: Sequence[Mapping[str, str]], *, resolved: bool = False) -> None:
        """Says that alerts fire, or that they no longer do."""
        times: dict[str, str] = {}
        if resolved:
            now = time.time()
            times = {"startsAt": _stamp(now - 60), "endsAt": _stamp(now - 0.001)}
        self._ask("POST", [{"labels": dict(labels), **times} for labels in alerts])

    def silenced(self) -> set[str]:
        """SLO and window of each alert that another keeps quiet, as `slo/window`."""
        return {_short(alert["labels"]) for alert in self._ask("GET") if alert["status"]["inhibitedBy"]}

    def _ask(self, method: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v2/alerts",
            json.dumps(body).encode() if body is not None else None,
            {"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None


def _short(labels: Mapping[str, str]) -> str:
    place = f"@{labels['cluster']}" if "cluster" in labels else ""
    return f"{labels.get('slo', '')}/{labels.get('window', 'absent')}{place}"


def _stamp(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{int(seconds % 1 * 1000):03d}Z"


@contextmanager
def alertmanager(file: Path, folder: Path) -> Iterator[Running]:
    """Runs an Alertmanager on loopback, alone and on a port of its own; ends it whatever happens."""
    for _ in range(5):
        port = _free_port()
        log = (folder / f"alertmanager-{port}.log").open("w+")
        process = subprocess.Popen(
            [
                program(*PROGRAMS),
                f"--config.file={file}",
                f"--storage.path={folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
                "--cluster.listen-address=",
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            if _is_ready(process, port):
                yield Running(port)
                return
            log.seek(0)
            said = log.read()
        finally:
            process.kill()
            process.wait()
            log.close()
        # Somebody else took the port meanwhile.
        assert "address already in use" in said, said
    raise AssertionError("no port stayed free")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_ready(process: "subprocess.Popen[bytes]", port: int) -> bool:
    until = time.monotonic() + 15
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
        else:
            return process.poll() is None
    return False


def wait_until(holds: Callable[[], bool], seconds: float = 12) -> bool:
    """Whether something comes to hold within so many seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.05)
    return holds()
