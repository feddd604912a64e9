"""SLO409: a time zone that does not exist."""

from collections.abc import Iterator
from functools import cache

from servicescape.bind.located import Path
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.objective import Slo
from servicescape.diagnostics import Diagnostic, Severity, nearest
from servicescape.model.slo import CalendarWindow
from servicescape.rules.rule import Rule, RuleContext


class UnknownTimeZone(Rule):
    """A time zone is not one of the IANA database.

    ## Why it matters

    A budget that begins anew each month, and maintenance on Sunday at two, need to know when midnight is. Letters such
    as `CEST` mean different hours in different countries, and know nothing of summer time.

    ## Example

    ```yaml
    window: {calendar: month, timeZone: London}        # Europe/London
    ```

    ## What to do

    Write the zone as region and city, such as `Europe/London` or `Asia/Kolkata`, or `UTC`.
    """

    code = "SLO409"
    name = "unknown-time-zone"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each time zone that is not known, where the machine knows any."""
        for slo in catalog.slos.values():
            for path, zone in _zones(slo):
                if zone == "UTC" or not _known_zones() or zone in _known_zones():
                    continue
                close = _suggestion(zone)
                yield Diagnostic(
                    code=self.code,
                    message=f"there is no time zone `{zone}`",
                    file=slo.entity.file,
                    span=slo.entity.places.value_span((*slo.path, *path)),
                    label="expected a name such as `Europe/London`",
                    help=f"did you mean `{close}`?"
                    if close
                    else "write region and city, such as `Europe/London`, or `UTC`",
                    entity=slo.ref,
                )


def _zones(slo: Slo) -> Iterator[tuple[Path, str]]:
    if isinstance(slo.window, CalendarWindow):
        yield ("window", "timeZone"), slo.window.time_zone
    for number, maintenance in enumerate(slo.maintenance):
        yield ("maintenance", number, "timeZone"), maintenance.time_zone


@cache
def _known_zones() -> frozenset[str]:
    """All zones that this machine knows; none on one without a time zone database."""
    import zoneinfo

    return frozenset(zoneinfo.available_timezones())


def _suggestion(zone: str) -> str | None:
    close = nearest(zone, _known_zones())
    if close is not None:
        return close
    wanted = zone.rpartition("/")[2].replace(" ", "_").casefold()
    cities = [known for known in _known_zones() if "/" in known and known.rpartition("/")[2].casefold() == wanted]
    return cities[0] if len(cities) == 1 else None
