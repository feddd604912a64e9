"""Results of scenarios as text and as JSON."""

import json
from collections.abc import Sequence
from typing import Any

from servicescape.analysis.scenario import UNKNOWN, Check, ScenarioResult
from servicescape.catalog.catalog import Catalog
from servicescape.render.impact.facts import because
from servicescape.render.impact.terminal import cut, pad, paint, paragraph, widest
from servicescape.render.impact.words import count, figure, listing, plain

_WORDS = {
    "blockedCustomersPerHour": "customers blocked / h",
    "displacedContactsPerHour": "contacts moved / h",
    "fail": "what fails",
}


def render_text(results: Sequence[ScenarioResult], catalog: Catalog, *, width: int, colour: bool) -> str:
    """One line a scenario, and below a failed one what was expected and what was found. Ends without a line break."""
    names = widest(_name(result) for result in results)
    lines = []
    for result in results:
        mark = paint("✓", "", colour) if result.ok else paint("✗", "blocked", colour)
        checks = count(len(result.checks), "check")
        title = cut(plain(result.title), max(width - names - len(checks) - 8, 12))
        gap = " " * max(width - 4 - names - 2 - _cells(title) - len(checks) - 2, 2)
        lines.append(f"{mark} {pad(_name(result), names)}  {title}{gap}{paint(checks, 'dim', colour)}")
        failed = [check for check in result.checks if not check.ok]
        whats = widest(name_of_check(check, catalog) for check in failed)
        for check in failed:
            what = pad(name_of_check(check, catalog), whats)
            lines += paragraph(f"{what}  expected {check.expected}, found {check.found}", width, "    ", "  ")
            why = reason(result, check, catalog)
            if why:
                lines += [paint(line, "dim", colour) for line in paragraph(f"↳ {why}", width, "      ", "  ")]
    held = sum(result.ok for result in results)
    total = len(results)
    lines += [
        "",
        f"{count(total, 'scenario')}: all hold"
        if held == total
        else f"{held} of {count(total, 'scenario')} {'holds' if held == 1 else 'hold'}",
    ]
    return "\n".join(lines)


def render_json(results: Sequence[ScenarioResult]) -> str:
    """The results with every check, `version` 1."""
    return json.dumps(
        {
            "version": 1,
            "summary": {"scenarios": len(results), "failed": sum(not result.ok for result in results)},
            "scenarios": [_object(result) for result in results],
        },
        indent=2,
        ensure_ascii=False,
    )


def _object(result: ScenarioResult) -> dict[str, Any]:
    return {
        "scenario": result.scenario,
        "title": result.title,
        "ok": result.ok,
        "failed": list(result.impact.failed),
        "degraded": list(result.impact.degraded),
        "lastsSeconds": result.impact.lasts_seconds,
        "at": result.impact.at,
        "checks": [
            {"what": check.what, "expected": check.expected, "found": check.found, "ok": check.ok}
            for check in result.checks
        ],
    }


def _name(result: ScenarioResult) -> str:
    return result.scenario.split(":", 1)[1]


def name_of_check(check: Check, catalog: Catalog) -> str:
    """What a check is about, for people: the journey's title, or what is counted."""
    return _WORDS.get(check.what) or plain(catalog.title(check.what))


def reason(result: ScenarioResult, check: Check, catalog: Catalog) -> str:
    """Why something else was found than expected, where that can be said in a line; else empty."""
    for journey in result.impact.journeys:
        if journey.journey == check.what:
            return because(journey, catalog)
    if check.found == UNKNOWN and check.what in ("blockedCustomersPerHour", "displacedContactsPerHour"):
        return "no journey that is hit gives its `demand`"
    if check.what == "blockedCustomersPerHour":
        worst = [journey for journey in result.impact.journeys if journey.blocked_per_hour]
        worst.sort(key=lambda journey: (-(journey.blocked_per_hour or 0.0), journey.journey))
        return listing(f"{plain(journey.title)} {figure(journey.blocked_per_hour)}" for journey in worst)
    if check.what == "displacedContactsPerHour":
        loads = [load for load in result.impact.channels if load.contacts_per_hour]
        return listing(f"{plain(load.title)} {figure(load.contacts_per_hour)}" for load in loads)
    return ""


def _cells(text: str) -> int:
    return widest([text])
