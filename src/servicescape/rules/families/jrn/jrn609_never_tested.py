"""JRN609: a way out that nobody has tried."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Journey
from servicescape.diagnostics import Diagnostic, Label, Severity
from servicescape.rules.rule import Rule, RuleContext

_MOST_SHOWN = 5


class NeverTested(Rule):
    """A journey falls back on a bot or on people, and nothing says that this was ever tried.

    ## Why it matters

    A way that is taken only when another fails is the one that nobody notices breaking: a right that an agent no
    longer has, a form that moved. It is tried for the first time on the day on which everybody needs it.

    Only journeys with `demand` or an `objective` are looked at: those whose customers somebody counts.

    ## Example

    ```yaml
    legs:
      - {channel: web, uses: [coverage-checker]}
      - {channel: contact-centre, uses: [agent-desktop]}       # since when does this work?
    ```

    ## What to do

    Try it for real, with real people in the channel, and write down the day: `tested: 2026-10-01`.
    """

    code = "JRN609"
    name = "never-tested"
    severity = Severity.INFO
    speaks_of_absence = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each journey in production, at the first such leg."""
        for journey in catalog.journeys.values():
            if journey.lifecycle != "production":
                continue
            if journey.average_per_hour is None and journey.objective_percent is None:
                continue
            untried = list(_untried(catalog, journey))
            if not untried:
                continue
            (title, channel, path), *others = untried
            places = journey.entity.places
            ways = f"{len(untried)} ways out of “{journey.title}” were" if others else f"a way out of “{title}” was"
            yield Diagnostic(
                code=self.code,
                message=f"{ways} never tried, as far as the catalog says",
                file=journey.entity.file,
                span=places.value_span((*path, "channel")),
                label=f"falls back on `{channel}`, without `tested`",
                help="try it for real, and write down the day as `tested: YYYY-MM-DD`",
                entity=journey.ref,
                related=tuple(
                    Label(
                        journey.entity.file,
                        places.value_span((*each_path, "channel")),
                        f"“{each_title}” falls back on `{each}`",
                    )
                    for each_title, each, each_path in others[: _MOST_SHOWN - 1]
                ),
            )


def _untried(catalog: Catalog, journey: Journey) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
    for step in journey.steps:
        for leg in step.legs[1:]:
            channel = catalog.channels[leg.channel]
            if leg.tested is None and channel.mode != "self-service":
                yield step.title, channel.name, leg.path
