"""What `impact` writes: every format, into files and pipes, and what it refuses."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import click
import openpyxl
import pytest

from tests.support import command
from tests.support.command import EXAMPLE, ROOT, published


def run(*arguments: str) -> Any:
    return command.run("impact", EXAMPLE, *arguments)


@pytest.mark.parametrize("by", ["component", "team", "domain", "vendor", "scenario"])
def test_matrix_has_the_published_form(by: str) -> None:
    published(json.loads(run("--by", by, "--format", "json").stdout), "impact-matrix")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--fail", "object-storage", "--lasts", "4h", "--at", "peak"),
        ("--fail", "label:region=london"),
        ("--degrade", "identity", "--at", "Sa 23:30"),
        ("--scenario", "object-storage-outage"),
    ],
)
def test_blast_radius_has_the_published_form_with_and_without_its_explanation(arguments: tuple[str, ...]) -> None:
    plain = published(json.loads(run(*arguments, "--format", "json").stdout), "impact-blast-radius")
    explained = published(json.loads(run(*arguments, "--format", "json", "--explain").stdout), "impact-blast-radius")
    explanation = explained.pop("explanation")
    assert plain == explained
    for stretch in explanation["stretches"]:
        assert stretch["blockedPerHour"] <= plain["totals"]["blockedPerHour"] + 1e-3
        for journey in stretch["journeys"]:
            served = 1 - journey["endedShare"]
            for contact in journey["contacts"]:
                served *= 1 - contact["turnedAwayShare"] * contact["neededShare"]
            assert journey["demandPerHour"] * (1 - served) == pytest.approx(
                journey["blockedPerHour"], rel=1e-3, abs=0.1
            )


def test_the_page_says_how_the_figures_of_its_example_are_made(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "impact.md").read_text(encoding="utf-8")
    (tmp_path / "shop.yaml").write_text(page.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    arguments = ["impact", str(tmp_path), "--fail", "card-network", "--lasts", "2h", "--at", "peak", "--explain"]
    result = command.run(*arguments, COLUMNS="100")
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    for line in (
        "payments is down after 30 min, through card-network (at once) + 30 min that it goes on without it",
        "From 30 min to 2 h (1.5 h)",
        "Pay (80 %) by Phone: 200 × 80 % = 160 contacts / h",
        "blocked: 200 × (1 − (1 − 62.5 % × 80 %)) = 100 / h",
        "Phone: 160 contacts / h, capacity 60 / h: 100 / h are turned away, 62.5 % of them",
        "In all: 100 × 1.5 h = 150 customers blocked, 160 × 1.5 h = 240 contacts moved",
        "Cost of Phone: 90 contacts answered × £ 4 = £ 360",
        "At risk in Buy: 150 blocked × £ 30 = £ 4,500",
    ):
        assert line in lines or line in " ".join(lines), line


def test_a_failure_that_nobody_notices_has_nothing_to_explain() -> None:
    unnoticed = json.loads(run("--format", "json").stdout)["rows"][-1]
    assert unnoticed["cells"] == []
    text = run("--fail", unnoticed["component"], "--explain").stdout
    assert text.endswith("No journey is hit, so nobody is counted\n")


@pytest.mark.parametrize("arguments", [(), ("--fail", "object-storage")])
def test_workbooks_go_into_files_and_pipes(arguments: tuple[str, ...], tmp_path: Path) -> None:
    target = tmp_path / "made" / "impact.xlsx"
    assert run(*arguments, "-o", str(target)).return_value == 0
    piped = run(*arguments, "--format", "xlsx").stdout_bytes
    assert piped == target.read_bytes()
    openpyxl.load_workbook(io.BytesIO(piped))


@pytest.mark.parametrize("form", ["xlsx", "png"])
def test_nothing_unreadable_is_thrown_at_a_terminal(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from servicescape.cli import impact_output

    monkeypatch.setattr("servicescape.cli.output.is_terminal", lambda stream: stream is sys.stdout)
    with pytest.raises(click.UsageError, match=f"-o impact.{form}"):
        impact_output.check_form(form, None, single=True, explain=False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--format", "svg"), "add --fail"),
        (("--explain",), "--explain goes with --fail"),
        (("--fail", "identity", "--explain", "--format", "csv"), "text or json"),
        (("--fail", "identity", "-o", "impact.docx"), "cannot tell the format"),
        (("--fail", "identity", "--by", "team"), "belong to the matrix"),
        (("--at", "peak"), "--at goes with --fail"),
    ],
)
def test_what_does_not_go_together_is_refused(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert isinstance(result.exception, click.UsageError)
    assert message in result.exception.message


def test_pictures_by_ending(tmp_path: Path) -> None:
    for ending, start in (("svg", b"<?xml"), ("png", b"\x89PNG"), ("dot", b"digraph"), ("mmd", b"---\ntitle")):
        target = tmp_path / f"impact.{ending}"
        run("--fail", "identity", "-o", str(target))
        assert target.read_bytes().startswith(start), ending


def test_the_page_holds_the_picture_and_lets_nothing_else_in(tmp_path: Path) -> None:
    target = tmp_path / "impact.html"
    run("--fail", "object-storage", "-o", str(target))
    page = target.read_text(encoding="utf-8")
    assert '<img class="picture" alt="How the failure comes to customers. 8 of 9 journeys are hit' in page
    assert "img-src data:" in page.split("Content-Security-Policy")[1].split("\n")[0]
    assert "default-src &#x27;none&#x27;" in page or "default-src 'none'" in page
