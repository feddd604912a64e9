"""Results of scenarios as JUnit XML: a test suite for each scenario, a test for each assertion.

Elements and attributes are those of the XSD of Jenkins' xUnit plugin, as in the report of findings. There is no time,
so that equal results are equal bytes.
"""

from collections.abc import Iterator, Sequence

from servicescape.analysis.scenario import Check, ScenarioResult
from servicescape.catalog.catalog import Catalog
from servicescape.render.impact.verdict import blast_title
from servicescape.render.impact.words import plain
from servicescape.render.scenarios import name_of_check, reason


def render_junit(results: Sequence[ScenarioResult], catalog: Catalog) -> str:
    """One XML document; ends with a line break.

    A scenario that asserts nothing is one test that was skipped: it was run, and nothing was held against it.
    """
    return "".join(f"{line}\n" for line in _document(results, catalog))


def _document(results: Sequence[ScenarioResult], catalog: Catalog) -> Iterator[str]:
    tests = sum(max(len(result.checks), 1) for result in results)
    failures = sum(not check.ok for result in results for check in result.checks)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="servicescape test" tests="{tests}" failures="{failures}" errors="0">'
    for result in results:
        yield from _suite(result, catalog)
    yield "</testsuites>"


def _suite(result: ScenarioResult, catalog: Catalog) -> Iterator[str]:
    name = result.scenario.split(":", 1)[1]
    failures = sum(not check.ok for check in result.checks)
    yield (
        f'  <testsuite name={_attribute(name)} tests="{max(len(result.checks), 1)}" failures="{failures}" errors="0" '
        f'skipped="{0 if result.checks else 1}">'
    )
    # Jenkins makes a tree of what stands between dots.
    class_name = _attribute(f"scenarios.{name.replace('/', '.')}")
    for check in result.checks:
        start = f"    <testcase name={_attribute(name_of_check(check, catalog))} classname={class_name}"
        if check.ok:
            yield f"{start}/>"
            continue
        yield f"{start}>"
        message = f"expected {check.expected}, found {check.found}"
        text = _failure(result, check, catalog)
        yield f'      <failure type="expectation" message={_attribute(message)}>{text}</failure>'
        yield "    </testcase>"
    if not result.checks:
        yield f'    <testcase name="runs" classname={class_name}>'
        yield '      <skipped message="the scenario expects nothing"/>'
        yield "    </testcase>"
    yield "  </testsuite>"


def _failure(result: ScenarioResult, check: Check, catalog: Catalog) -> str:
    """What to read in the widget without opening anything else: a difference, and what was assumed."""
    lines = [
        f"{plain(result.title)}: {name_of_check(check, catalog)}",
        f"- expected: {check.expected}",
        f"+ found: {check.found}",
        f"{blast_title(result.impact, catalog)}.",
    ]
    why = reason(result, check, catalog)
    if why:
        lines.append(f"because: {why}")
    return "\n".join(_text(line) for line in lines)


def _text(text: str) -> str:
    return plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(text: str) -> str:
    return f'"{_text(text).replace(chr(34), "&quot;")}"'
