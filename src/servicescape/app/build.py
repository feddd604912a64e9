"""Everything at once: diagrams, rules, the impact matrix and the scorecard, as files of one folder."""

from dataclasses import dataclass

from servicescape.analysis.impact_matrix import impact_matrix
from servicescape.app.compile import FOLDER, Compiled, compile_rules
from servicescape.app.graph import draw, draw_all_journeys, draw_all_views, file_name
from servicescape.app.graph_request import GraphRequest
from servicescape.app.impact import panels
from servicescape.app.load import Loaded
from servicescape.app.score import ScoreRequest, score
from servicescape.render.impact import csv_form, html_matrix, json_form, markdown
from servicescape.render.impact.verdict import matrix_summary, matrix_verdict
from servicescape.render.score import html as score_html
from servicescape.source.cache import Cache

_SCORE = "score/score.html"


@dataclass(frozen=True, slots=True)
class Built:
    """What a build writes."""

    files: dict[str, str | bytes]
    """By path relative to the output folder."""
    diagrams: int
    empty_views: tuple[str, ...]
    """Views for which there is nothing to draw."""
    compiled: Compiled
    verdict: str
    """The impact matrix in one sentence."""

    @property
    def has_score(self) -> bool:
        """Whether there is anything to score."""
        return _SCORE in self.files


def build(loaded: Loaded, *, with_tests: bool = False, pictures: Cache | None = None) -> Built:
    """Makes all results of a catalog without errors. Nothing is written.

    `with_tests` makes promtool tests whatever the target of the rules, so that they can be proven.

    What is laid out is kept in `pictures`, and taken from there. Raises ToolError where a diagram cannot be drawn.
    """
    catalog = loaded.catalog
    files: dict[str, str | bytes] = {}
    diagrams, empty_views = _diagrams(loaded, pictures)
    files.update({f"diagrams/{name}": picture for name, picture in diagrams.items()})
    compiled = compile_rules(loaded, with_tests=with_tests)
    files.update({f"{FOLDER}/{name}": text for name, text in compiled.files.items()})
    matrix = impact_matrix(catalog)
    files["impact/matrix.html"] = html_matrix.render_matrix(matrix, catalog, blast_radii=panels(catalog, matrix))
    files["impact/matrix.md"] = _ended(markdown.render_matrix(matrix, catalog))
    files["impact/matrix.csv"] = "".join(csv_form.iter_matrix_csv(matrix))
    files["impact/matrix.json"] = _ended("".join(json_form.iter_matrix_json(matrix)))
    card = score(loaded, ScoreRequest())
    if card.cards:
        files[_SCORE] = score_html.render_score(card, catalog)
    verdict = matrix_verdict(matrix, catalog)
    files["README.md"] = _contents(sorted(diagrams), compiled, verdict, matrix_summary(matrix), bool(card.cards))
    return Built(files, len(diagrams), empty_views, compiled, verdict)


def _diagrams(loaded: Loaded, cache: Cache | None) -> tuple[dict[str, str | bytes], tuple[str, ...]]:
    """The landscape, every view and every journey by file name; and the views that show nothing."""
    catalog, settings = loaded.catalog, loaded.settings.graph
    request = GraphRequest(theme=settings.theme, engine=settings.engine, settings=loaded.settings)
    pictures: dict[str, str | bytes] = {}
    if catalog.components:
        pictures["landscape.svg"] = draw(catalog, request, cache)
    views = draw_all_views(catalog, request, cache)
    pictures.update({f"views/{file_name(name)}.svg": picture for name, picture in views.pictures.items()})
    journeys = draw_all_journeys(catalog, request, cache).pictures
    pictures.update({f"journeys/{file_name(name)}.svg": picture for name, picture in journeys.items()})
    return pictures, views.empty


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _contents(diagrams: list[str], compiled: Compiled, verdict: str, summary: str, scored: bool) -> str:
    rules = compiled.rules
    lines = [
        "# What the catalog comes to",
        "",
        f"**{verdict}** {summary}".rstrip(),
        "",
        "- [Impact matrix](impact/matrix.html): every single failure against every journey "
        "(also as [Markdown](impact/matrix.md), [CSV](impact/matrix.csv) and [JSON](impact/matrix.json))",
        *([f"- [Scorecard]({_SCORE}): journeys, teams and platforms, and what to improve first"] * scored),
        f"- `{FOLDER}/rules/`: {len(rules.files)} rule files for {compiled.slos} SLOs{_tests(compiled)}",
        *(f"- [Alertmanager configuration]({FOLDER}/{path})" for path in compiled.families.get("alertmanager", ())),
        *_dashboards(compiled),
        f"- Diagrams ({len(diagrams)}):",
        *(f"  - [{name}](diagrams/{name})" for name in diagrams),
        "",
    ]
    return "\n".join(lines)


def _dashboards(compiled: Compiled) -> list[str]:
    found = compiled.families.get("grafana")
    return (
        [f"- `{FOLDER}/grafana/`: {len(found)} Grafana dashboards, of which `overview.json` leads to all"]
        if found
        else []
    )


def _tests(compiled: Compiled) -> str:
    tests = compiled.families.get("tests")
    return f"; `{FOLDER}/tests/`: {len(tests)} promtool tests that prove them" if tests else ""
