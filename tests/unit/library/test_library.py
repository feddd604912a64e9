import json
import subprocess
import sys
from pathlib import Path

import pytest

import servicescape.library
from servicescape.app.check import check
from servicescape.app.load import load
from servicescape.app.schemas import one_schema
from servicescape.compile.prometheus import compile_prometheus
from servicescape.library import EXAMPLE, library_indicator, library_names
from tests.support.loading import read_text

FILES = sorted((Path(servicescape.library.__file__).parent / "indicators").glob("*"))

USING = """
    apiVersion: servicescape/v1
    kind: External
    metadata: {name: cdn}
    spec:
      vendor: Edge Inc
      slos: [{objective: 99, indicator: {use: %s, with: {job: cdn}}}]
    """


def run_tool(arguments: list[str], *, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "servicescape", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", check=False, timeout=60)


def catalog_of(text: str, folder: Path) -> Path:
    (folder / "catalog").mkdir(exist_ok=True)
    (folder / "catalog" / "a.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", library_names())
def test_each_says_all_that_its_page_needs(name: str) -> None:
    located = library_indicator(name)
    entity = located.entity
    assert located.key == ("Indicator", "servicescape", name)
    assert entity.metadata.title
    assert entity.metadata.description
    assert [link.url[:8] for link in entity.metadata.links] == ["https://"]
    for parameter in entity.spec.params.values():
        assert parameter.type
        assert parameter.description
    example = located.authors_own[EXAMPLE]
    assert example.keys() >= {each for each, parameter in entity.spec.params.items() if parameter.default is None}


def test_there_is_nothing_else_in_the_folder() -> None:
    assert {file.name for file in FILES} == {f"{name}.yaml" for name in library_names()}


def test_nothing_is_found_in_any_of_them_were_it_the_users_own(tmp_path: Path) -> None:
    slos = [
        f"    - name: {name}\n      objective: 99\n      measures: {library_indicator(name).entity.spec.measures}\n"
        f"      indicator: {{use: {name}, with: {json.dumps(library_indicator(name).authors_own[EXAMPLE])}}}\n"
        for name in library_names()
    ]
    texts = [file.read_text(encoding="utf-8").replace("  namespace: servicescape\n", "") for file in FILES]
    head = "apiVersion: servicescape/v1\nkind: External\nmetadata: {name: cdn}\nspec:\n  vendor: Edge Inc\n  slos:\n"
    folder = catalog_of("---\n".join([head + "".join(slos), *texts]), tmp_path)
    found = [each for each in check(load(cwd=folder)) if each.code.startswith(("YML", "SCH", "REF", "SLO"))]
    assert [f"{each.code} {each.message}" for each in found] == []


def test_they_are_laid_out_as_fmt_lays_out(tmp_path: Path) -> None:
    (tmp_path / "catalog").mkdir()
    for file in FILES:
        (tmp_path / "catalog" / file.name).write_bytes(file.read_bytes())
    done = run_tool(["fmt", "--check"], cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, done.stdout)


def test_a_used_one_measures_and_is_not_among_the_catalogs_own() -> None:
    read = read_text(USING % "servicescape/http-availability")
    assert read.findings == []
    assert list(read.catalog.entities) == ["external:cdn"]
    assert dict(read.catalog.indicators) == {}
    compiled = compile_prometheus(read.catalog)
    assert compiled.uncompiled == ()
    [text] = compiled.files.values()
    assert 'sum(rate(http_requests_total{job="cdn",code=~"5.."}[5m]))' in text


def test_its_kind_may_be_written() -> None:
    assert read_text(USING % '"indicator:servicescape/http-availability"').findings == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("servicescape/http-availabilty", "servicescape/http-availability"),
        ("http-availability", "servicescape/http-availability"),
        ("http_availability", "servicescape/http-availability"),
        ("service-scape/http-availability", "servicescape/http-availability"),
    ],
)
def test_a_misspelt_one_is_suggested(written: str, meant: str) -> None:
    finding = read_text(USING % written).only
    assert finding.code == "REF201"
    assert finding.help == f"did you mean `{meant}`?"


def test_the_catalogs_own_is_suggested_before_the_tools() -> None:
    own = """
    ---
    apiVersion: servicescape/v1
    kind: Indicator
    metadata: {name: http-availability}
    spec: {gauge: up}
    """
    assert "did you mean `http-availability` (" in read_text(USING % "http-availabilty" + own).only.help
    library = read_text(USING % "servicescape/http-availabilty" + own).only
    assert library.help == "did you mean `servicescape/http-availability`?"


def test_nothing_else_is_there_in_the_namespace() -> None:
    for text in ("servicescape/nothing-like-it", "servicescape/__init__", "servicescape/../a"):
        assert read_text(USING % f'"{text}"').only.code == "REF201"
    team = USING.replace("vendor: Edge Inc", "vendor: Edge Inc\n      owner: servicescape/redis-up")
    assert [each.code for each in read_text(team % "servicescape/redis-up").findings] == ["REF206"]


def test_a_catalog_that_uses_none_reads_none(tmp_path: Path) -> None:
    program = (
        "import sys; from servicescape.app.load import load; loaded = load(); "
        "from servicescape.library import library_indicator, library_names; "
        "print(len(loaded.catalog.slos), library_indicator.cache_info().currsize, library_names.cache_info().currsize)"
    )
    own = (
        USING % "mine"
        + "---\napiVersion: servicescape/v1\nkind: Indicator\nmetadata: {name: mine}\nspec: {gauge: up}\n"
    )
    folder = catalog_of("\n".join(line.removeprefix("    ") for line in own.split("\n")), tmp_path)
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout == "1 0 0\n"


def test_help_and_other_commands_do_not_load_it() -> None:
    program = "import sys; import servicescape.cli.main; print('servicescape.library' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_live_schemas_offer_them() -> None:
    schema = one_schema("SLO", catalog=read_text(USING % "servicescape/http-availability").catalog)
    assert '"servicescape/kafka-consumer-lag"' in schema


def test_they_cannot_be_renamed(tmp_path: Path) -> None:
    text = USING.replace("\n    ", "\n") % "servicescape/http-availability"
    folder = catalog_of(text.lstrip("\n"), tmp_path)
    done = run_tool(["rename", "indicator:servicescape/http-availability", "mine"], cwd=folder)
    assert done.returncode == 2
    assert "comes with the tool" in done.stderr
    assert "Traceback" not in done.stderr


def test_explain_prints_one_and_lists_all(tmp_path: Path) -> None:
    listed = run_tool(["explain", "servicescape"], cwd=tmp_path).stdout
    assert [line.split()[0] for line in listed.splitlines()] == [f"servicescape/{name}" for name in library_names()]
    page = run_tool(["explain", "servicescape/http-availability"], cwd=tmp_path).stdout
    assert "indicator: {use: servicescape/http-availability, with: {job: basket}}" in page
    facts = json.loads(run_tool(["explain", "servicescape/redis-up", "--format", "json"], cwd=tmp_path).stdout)
    assert facts["indicators"][0]["params"]["job"]["default"] is None
    for word, hint in (("servicescape/redis-upp", "servicescape/redis-up"), ("redis-up", "servicescape/redis-up")):
        wrong = run_tool(["explain", word], cwd=tmp_path)
        assert wrong.returncode == 2
        assert f"did you mean `{hint}`?" in wrong.stderr
