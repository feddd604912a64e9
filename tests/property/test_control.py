"""What a baseline and an ignore comment may hide, whatever the catalog."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from servicescape.app.baseline import Baseline, baseline_of
from servicescape.app.check import check_all
from servicescape.app.load import Loaded
from servicescape.catalog.build import build_catalog
from servicescape.diagnostics import Diagnostic
from servicescape.model.settings import Settings
from tests.support.loading import FILE, read_files

HERE = Path("/servicescape-tests")
NAMES = st.sampled_from(["bank", "dns", "dns-2", "gone", "lost"])
LINES = st.lists(NAMES, min_size=1, max_size=6)


def _text(entities: list[list[str]]) -> list[str]:
    """Lines of a catalog; every name after the first of an entity is something that it needs."""
    lines: list[str] = []
    for number, (name, *needs) in enumerate(entities):
        lines += ["---", "apiVersion: servicescape/v1", "kind: External", f"metadata: {{name: {name}-{number}}}"]
        lines += ["spec:", "  vendor: X", "  odd: 1", f"  dependsOn: {'[]' if not needs else ''}"]
        lines += [f"    - {need}-0" for need in needs]
    return lines


def _loaded(lines: list[str]) -> Loaded:
    read = read_files({FILE: "\n".join(lines) + "\n"})
    catalog, _ = build_catalog(read.entities, [])
    return Loaded(Settings(), HERE, catalog, tuple(read.findings), 1, len(read.entities), read.sources, cwd=HERE)


def _baseline(lines: list[str]) -> Baseline:
    loaded = _loaded(lines)
    return baseline_of(HERE / "known.json", check_all(loaded).findings, loaded)


def _told(findings: list[Diagnostic]) -> list[tuple[str, str, str | None]]:
    return sorted((each.code, each.message, each.entity or "") for each in findings)


CATALOGS = st.lists(LINES, min_size=1, max_size=4)


@given(CATALOGS, CATALOGS, st.data())
@settings(max_examples=60, deadline=None)
def test_unrelated_lines_never_change_what_a_baseline_hides(
    old: list[list[str]], new: list[list[str]], data: st.DataObject
) -> None:
    known = _baseline(_text(old))
    lines = _text(new)
    before = check_all(_loaded(lines), baseline=known)
    for place in data.draw(st.lists(st.integers(0, len(lines)), max_size=5)):
        lines.insert(place, data.draw(st.sampled_from(["", "# a comment", "     # further in", "   "])))
    after = check_all(_loaded(lines), baseline=known)
    assert _told(after.findings) == _told(before.findings)
    assert after.baselined == before.baselined


@given(CATALOGS)
@settings(max_examples=40, deadline=None)
def test_a_baseline_hides_all_that_it_was_made_of_and_only_that(catalog: list[list[str]]) -> None:
    lines = _text(catalog)
    known = _baseline(lines)
    checked = check_all(_loaded(lines), baseline=known)
    assert (checked.findings, checked.baselined, checked.shrunk) == ([], known.count, known)


@given(CATALOGS, CATALOGS)
@settings(max_examples=60, deadline=None)
def test_a_baseline_only_shrinks(old: list[list[str]], new: list[list[str]]) -> None:
    known = _baseline(_text(old))
    shrunk = check_all(_loaded(_text(new)), baseline=known).shrunk
    assert shrunk is not None
    before = {entry.key: entry.count for entry in known.entries}
    assert all(entry.count <= before[entry.key] for entry in shrunk.entries)


@given(CATALOGS, st.data())
@settings(max_examples=100, deadline=None)
def test_a_comment_only_hides_findings_of_its_codes_at_its_place(catalog: list[list[str]], data: st.DataObject) -> None:
    lines = _text(catalog)
    before = check_all(_loaded(lines)).findings
    number = data.draw(st.integers(0, len(lines) - 1))
    code = data.draw(st.sampled_from(["REF201", "REF", "SCH105", "DEP", "DEP506"]))
    lines[number] += f"  # servicescape: ignore[{code}] reason"
    after = check_all(_loaded(lines))
    meant = [each for each in before if each.code.startswith(code) and each.span and each.span.start.line == number + 1]
    assert after.ignored == len(meant)
    expected = _told([each for each in before if each not in meant])
    assert _told([each for each in after.findings if not each.code.startswith("IGN")]) == expected
