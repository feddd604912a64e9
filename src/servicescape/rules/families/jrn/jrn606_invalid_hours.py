"""JRN606: opening hours that cannot be read."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext


class InvalidHours(Rule):
    """The opening hours of a channel cannot be read.

    ## Why it matters

    A contact centre that is closed takes nobody. While its hours cannot be read, every calculation takes it to be open
    day and night, which is the rosy view of an outage on Sunday morning.

    ## Example

    ```yaml
    hours: "Monday to Friday 8am-8pm"       # Mo-Fr 08:00-20:00
    ```

    ## What to do

    Write the hours as OpenStreetMap does (https://wiki.openstreetmap.org/wiki/Key:opening_hours): two-letter days, and
    times of twenty-four hours. Several rules are separated by `;`, as in `Mo-Fr 08:00-20:00; Sa 09:00-14:00; PH off`.
    """

    code = "JRN606"
    name = "invalid-hours"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each channel with such hours."""
        for ref, channel in catalog.channels.items():
            if channel.hours is None or _can_be_read(channel.hours):
                continue
            yield Diagnostic(
                code=self.code,
                message=f"the hours of `{channel.name}` cannot be read",
                file=channel.entity.file,
                span=channel.entity.places.value_span(("spec", "hours")),
                label="not in the form of opening_hours",
                help="write for example `Mo-Fr 08:00-20:00; Sa 09:00-14:00`, or `24/7`",
                entity=ref,
            )


def _can_be_read(hours: str) -> bool:
    import opening_hours

    return bool(opening_hours.validate(hours))
