"""The sentence that every form begins with: what the reader would ask first, answered."""

from servicescape.analysis.impact_results import JOURNEY_STATE_CODES, BlastRadius, ImpactMatrix, MatrixColumn
from servicescape.catalog.catalog import Catalog
from servicescape.render.impact.words import (
    count,
    demand,
    duration,
    figure,
    listing,
    money,
    plain,
    short_name,
    title,
)

_BLOCKED = JOURNEY_STATE_CODES["blocked"]
_ROWS = {
    # what a row is called, several of them, and under which condition one of them counts
    "component": ("component", "components", ("by itself", "by themselves")),
    "team": ("team", "teams", ("if all that it owns fails", "if all that one of them owns fails")),
    "domain": ("domain", "domains", ("if all its parts fail", "if all parts of one of them fail")),
    "vendor": ("vendor", "vendors", ("if all that it runs fails", "if all that one of them runs fails")),
    "scenario": ("scenario", "scenarios", ("", "")),
}


def row_noun(matrix: ImpactMatrix, number: int) -> str:
    """What so many rows of this matrix are called: `1 component`, `45 teams`."""
    one, many, _ = _ROWS.get(matrix.by, ("row", "rows", ("", "")))
    return count(number, one, many)


def column_name(column: MatrixColumn, catalog: Catalog) -> str:
    """A column as it is called outside the table: the journey, and the step where the columns are steps."""
    own = plain(column.title)
    if column.step is None:
        return own
    return f"{title(catalog, column.journey)}: {own}"


def matrix_verdict(matrix: ImpactMatrix, catalog: Catalog) -> str:
    """Which journey is easiest to block, and by how many: `7 of 45 components can block “Pay bill” by themselves.`"""
    rows, columns = len(matrix.rows), matrix.columns
    if not columns:
        return "No journey is described yet, so nothing can be said about customers."
    if not rows:
        return "There is nothing in the catalog that could fail."
    worst = max(columns, key=lambda column: column.blocked_by)
    number = worst.blocked_by
    within = f" within {duration(matrix.lasts_seconds)}" if matrix.lasts_seconds is not None else ""
    what = "step" if worst.step is not None else "journey"
    if number == 0:
        return f"None of {row_noun(matrix, rows)} can block a {what}{within}."
    _, _, conditions = _ROWS.get(matrix.by, ("row", "rows", ("", "")))
    condition = conditions[0 if number == 1 else 1]
    verb = "can block" if matrix.by != "scenario" else ("blocks" if number == 1 else "block")
    tail = f" {condition}" if condition else ""
    return f"{number:,} of {row_noun(matrix, rows)} {verb} “{column_name(worst, catalog)}”{tail}{within}."


def matrix_summary(matrix: ImpactMatrix) -> str:
    """The second sentence: how much of the whole is harmless."""
    rows = len(matrix.rows)
    if not rows or not matrix.columns:
        return ""
    hit = matrix.state.max(axis=1) > 0
    blocked = int((matrix.state == _BLOCKED).any(axis=1).sum())
    harmless = int((~hit).sum())
    journeys = "step" if matrix.columns[0].step is not None else "journey"
    verb = "blocks" if blocked == 1 else "block"
    parts = [f"{blocked:,} of {row_noun(matrix, rows)} {verb} at least one {journeys}" if blocked else ""]
    if harmless:
        words = "go" if harmless > 1 else "goes"
        unnoticed = f"{harmless:,} {words} unnoticed by customers"
        parts.append(unnoticed if matrix.by == "scenario" else f"{harmless:,} can fail without a customer noticing")
    text = "; ".join(part for part in parts if part)
    return f"{text}." if text else ""


def survived_words(matrix: ImpactMatrix) -> str:
    """What is said before the rows that reach journeys and hit none."""
    return "No customer notices" if matrix.by == "scenario" else "No customer notices the loss of"


def row_heading(matrix: ImpactMatrix) -> tuple[str, str]:
    """What stands before and after a row's title where its failure is told of: `If `…` is lost`."""
    return {
        "component": ("If ", " is lost"),
        "team": ("If all that ", " owns fails"),
        "domain": ("If everything of ", " fails"),
        "vendor": ("If all that ", " runs fails"),
    }.get(matrix.by, ("", ""))


def lost_things(result: BlastRadius, catalog: Catalog) -> str:
    """What failed, with what it is and whose: `Object storage (external, Nimbus Cloud)`."""

    def described(ref: str) -> str:
        component = catalog.components.get(ref)
        if component is None:
            return title(catalog, ref)
        whose = plain(component.vendor) if component.vendor else title(catalog, component.owner)
        inside = ", ".join(part for part in (component.kind.lower(), whose) if part)
        return f"{plain(component.title)} ({inside})"

    refs = result.failed + result.degraded
    return listing((described(ref) if len(refs) <= 2 else title(catalog, ref) for ref in refs), 4)


def blast_title(result: BlastRadius, catalog: Catalog) -> str:
    """What is assumed: `Object storage (external, Nimbus Cloud) is lost for 4 h at peak`."""
    number = len(result.failed) + len(result.degraded)
    if number == 0:
        return f"Nothing fails, {demand(result.at)}"
    verb = "is" if number == 1 else "are"
    if not result.degraded:
        what = "lost"
    elif not result.failed:
        what = "degraded"
    else:
        what = "lost or degraded"
    how_long = f" for {duration(result.lasts_seconds)}" if result.lasts_seconds is not None else ""
    until = "" if result.lasts_seconds is not None else ", until mended"
    return f"{lost_things(result, catalog)} {verb} {what}{how_long} {demand(result.at)}{until}"


def blast_verdict(result: BlastRadius, catalog: Catalog) -> str:
    """Who is hit and what it costs: `3 of 9 journeys are hit. 4,120 customers blocked, …`."""
    totals = result.totals
    if totals.journeys == 0:
        return "No journey is described yet, so nothing can be said about customers."
    if totals.journeys_hit == 0:
        return f"No customer notices: none of {count(totals.journeys, 'journey')} is hit."
    verb = "is" if totals.journeys_hit == 1 else "are"
    hit = f"{totals.journeys_hit:,} of {count(totals.journeys, 'journey')} {verb} hit."
    figures = [text for text in _figures(result, catalog) if text]
    return f"{hit} {', '.join(figures)}." if figures else hit


def _figures(result: BlastRadius, catalog: Catalog) -> list[str]:
    totals = result.totals
    found: list[str] = []
    if totals.blocked_customers is not None:
        found.append(_people(totals.blocked_customers, "blocked", ""))
    elif totals.blocked_per_hour is not None:
        found.append(_people(totals.blocked_per_hour, "blocked", " an hour"))
    over_outage = totals.displaced_contacts is not None
    moved = (totals.displaced_contacts if over_outage else totals.displaced_per_hour) or 0.0
    if moved > 0:
        takers = [catalog.channels.get(load.channel) for load in result.channels if load.contacts_per_hour]
        people = bool(takers) and all(channel is not None and channel.mode == "live" for channel in takers)
        contacts = "contact" if figure(moved) == "1" else "contacts"
        where = "people" if people else "other channels"
        text = f"{figure(moved)} {contacts}{'' if over_outage else ' an hour'} moved to {where}"
        currencies = {journey.currency for journey in result.journeys if journey.currency}
        if totals.contact_cost:
            text += f" (cost {money(totals.contact_cost, currencies.pop() if len(currencies) == 1 else None)})"
        found.append(text)
    lost = [money(value, currency) for currency, value in sorted(totals.value_lost.items()) if value]
    if lost:
        found.append(f"{' and '.join(lost)} of business at risk")
    return found


def _people(number: float, what: str, per: str) -> str:
    noun = "customer" if figure(number) == "1" else "customers"
    return f"{'no' if number == 0 else figure(number)} {noun} {what}{per if number > 0 else ''}"


def runbook_sentence(result: BlastRadius) -> str:
    """How many links of the chains have no runbook, and which; empty where there is no chain."""
    links = count(len(result.runbooks), "link")
    missing = [short_name(ref) for ref, runbook in result.runbooks if not runbook]
    if missing:
        verb = "has" if len(missing) == 1 else "have"
        return f"Runbooks: {len(missing)} of {links} {verb} none ({listing(missing, 5)})."
    if not result.runbooks:
        return ""
    return "Runbooks: the link has one." if len(result.runbooks) == 1 else f"Runbooks: all {links} have one."


def turned_away_note(result: BlastRadius) -> str:
    """Why journeys that only fall back have blocked customers; empty where there are none."""
    if any(journey.blocked_per_hour and journey.state != "blocked" for journey in result.journeys):
        return "Blocked customers include those whom a flooded channel turns away."
    return ""
