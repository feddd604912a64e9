"""The tools whose formats diagrams are written in. A missing tool fails a test, it never skips one."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from selenium import webdriver

NODE_MODULES = Path(__file__).parents[1] / "node" / "node_modules"
_SVG = "{http://www.w3.org/2000/svg}"


def node_package(name: str) -> Path:
    """Folder of an npm package of the tests."""
    folder = NODE_MODULES / name
    assert folder.is_dir(), (
        f"the npm package {name} is not installed (npm install --no-save in tests/node, or tests/run)"
    )
    return folder


def run(*command: str, text: str | None = None) -> str:
    """What a program prints. Fails with all that it said where it fails."""
    program = shutil.which(command[0], path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert program, f"{command[0]} is not installed (tests/run installs it)"
    done = subprocess.run(
        [program, *command[1:]],
        input=text.encode() if text is not None else None,
        capture_output=True,
        timeout=120,
        check=False,
    )
    told = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, told + done.stderr.decode("utf-8", "replace")
    return told


def plantuml_svg(text: str) -> str:
    """The picture that PlantUML makes of a text. PlantUML writes what it does not understand as a picture, too."""
    svg = run("plantuml", "-tsvg", "-pipe", "-charset", "UTF-8", text=text)
    for complaint in ("Syntax Error", "An error has occured", "cannot parse result"):
        assert complaint not in svg, words_of(svg)
    return svg


def d2_svg(text: str) -> str:
    """The picture that D2 makes of a text."""
    return run("d2", "--theme=0", "-", "-", text=text)


def words_of(svg: str) -> list[str]:
    """The texts in a picture, piece by piece."""
    root = ET.fromstring(svg)
    return ["".join(text.itertext()) for text in root.iter(f"{_SVG}text")]


def likec4_model(text: str) -> Any:
    """The model that LikeC4 reads from a text. Fails where LikeC4 finds anything wrong with it."""
    program = node_package("likec4") / "bin" / "likec4.mjs"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "picture.c4").write_text(text, encoding="utf-8")
        output = Path(folder, "model.json")
        run("node", str(program), "validate", folder)
        run("node", str(program), "export", "json", "-o", str(output), folder)
        return json.loads(output.read_text(encoding="utf-8"))


def structurizr_tokens(text: str) -> list[list[str]]:
    """The tokens of every line, by the rules of Structurizr's own tokenizer.

    A token is between quotes or between spaces; a quote behind a backslash does not end it. A line that begins with `#`
    or `//` is a comment, and one that ends with a backslash goes on in the next. Names between `${` and `}` would be
    replaced by variables of the environment.
    """
    lines = []
    for line in text.splitlines():
        assert not line.endswith("\\"), line
        assert not re.search(r"\$\{[a-zA-Z0-9-_.]+?}", line), line
        tokens: list[str] = []
        rest = line.strip()
        while rest:
            match = re.match(r'"((?:\\"|[^"])*)"(?: +|$)|([^ "]\S*)(?: +|$)', rest)
            assert match, f"a token does not end: {rest}"
            tokens.append(match[2] or match[1].replace('\\"', '"'))
            rest = rest[match.end() :]
        lines.append(tokens)
    return lines


def open_mermaid(browser: webdriver.Chrome, folder: Path) -> None:
    """A page in which Mermaid waits for texts, with the settings of a page that embeds it."""
    script = (node_package("mermaid") / "dist" / "mermaid.min.js").as_uri()
    page = folder / "mermaid.html"
    page.write_text(f'<meta charset="utf-8"><div id="picture"></div><script src="{script}"></script>')
    browser.get(page.as_uri())
    browser.execute_script("mermaid.initialize({startOnLoad: false, securityLevel: 'strict'})")


def mermaid_words(browser: webdriver.Chrome, text: str) -> list[str]:
    """The texts in the picture that Mermaid makes; fails where Mermaid refuses."""
    told = browser.execute_async_script(
        """
        const [text, done] = arguments;
        mermaid.render('p', text).then(({svg}) => {
            const picture = document.getElementById('picture');
            picture.innerHTML = svg;
            const all = [...picture.querySelectorAll('.nodeLabel, .edgeLabel .label, text')];
            done({words: all.map(one => one.textContent), foreign: picture.querySelectorAll('script, b, img').length});
        }, error => done({error: String(error)}));
        """,
        text,
    )
    assert "error" not in told, told["error"]
    assert told["foreign"] == 0
    return [str(word) for word in told["words"]]


def open_mxgraph(browser: webdriver.Chrome, folder: Path) -> None:
    """A page with mxGraph, the library inside draw.io."""
    base = node_package("mxgraph") / "javascript"
    page = folder / "mxgraph.html"
    page.write_text(
        '<meta charset="utf-8"><div id="picture"></div>'
        f"<script>mxBasePath = '{(base / 'src').as_uri()}'; mxLoadResources = mxLoadStylesheets = false</script>"
        f'<script src="{(base / "mxClient.min.js").as_uri()}"></script>'
    )
    browser.get(page.as_uri())


def mxgraph_cells(browser: webdriver.Chrome, text: str) -> list[dict[str, Any]]:
    """The cells that mxGraph decodes and draws: id, what is seen of the text, ends, and whether it is a box."""
    told: list[dict[str, Any]] = browser.execute_script(
        """
        const file = mxUtils.parseXml(arguments[0]);
        const holder = document.getElementById('picture');
        holder.textContent = '';
        const graph = new mxGraph(holder);
        graph.isHtmlLabel = () => true;
        const labelOf = value => value?.getAttribute ? value.getAttribute('label') : value || '';
        graph.convertValueToString = cell => labelOf(cell.value);
        const model = graph.getModel();
        new mxCodec(file).decode(file.getElementsByTagName('mxGraphModel')[0], model);
        graph.refresh();
        return Object.values(model.cells).filter(cell => cell.vertex || cell.edge).map(cell => {
            const seen = document.createElement('div');
            seen.innerHTML = graph.getLabel(cell);
            const state = graph.view.getState(cell);
            return {
                id: cell.id, box: Boolean(cell.vertex), source: cell.source?.id, target: cell.target?.id,
                text: seen.innerText ?? seen.textContent, foreign: seen.querySelectorAll('script, img, table').length,
                drawn: Boolean(state && state.shape && state.shape.node), parent: cell.parent.id,
                place: state && [state.x, state.y, state.width, state.height],
            };
        });
        """,
        text,
    )
    return told
