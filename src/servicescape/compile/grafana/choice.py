"""Whether a catalog gets dashboards."""

from dataclasses import dataclass

from servicescape.model.settings import CompileSettings

MOST_BY_ITSELF = 2000
"""At most so many SLOs and journeys get dashboards without being asked: a second of work and 40 MB of files."""


@dataclass(frozen=True, slots=True)
class DashboardChoice:
    """Whether there are dashboards, and what to say about it."""

    wanted: bool
    notes: tuple[str, ...] = ()


def choose_dashboards(settings: CompileSettings, slos: int, journeys: int) -> DashboardChoice:
    """What the settings come to for a catalog of so many SLOs and journeys."""
    if settings.dashboards is False or not slos + journeys:
        return DashboardChoice(False)
    if settings.names != "servicescape":
        # They read series that these rules do not record; Sloth's own dashboards go on working.
        told = "`compile.dashboards` is true, and there are none for the names of Sloth: its own dashboards read them"
        return DashboardChoice(False, (told,) if settings.dashboards is True else ())
    if settings.dashboards == "auto" and slos + journeys > MOST_BY_ITSELF:
        told = (
            f"no Grafana dashboards are written for more than {MOST_BY_ITSELF:,} SLOs and journeys "
            f"({slos + journeys:,} here) unless `compile.dashboards` is true"
        )
        return DashboardChoice(False, (told,))
    return DashboardChoice(True)
