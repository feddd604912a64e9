"""Which dashboards there are, and what stands near what."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from servicescape.catalog.catalog import Catalog
from servicescape.compile.grafana.dashboard import place_of
from servicescape.compile.grafana.identity import uid
from servicescape.compile.grafana.text import markdown
from servicescape.compile.names import label_of
from servicescape.compile.plan import SloPlan

_MOST_NAMED = 12


class Places:
    """The dashboards of a catalog by what they are about, worked out once."""

    def __init__(self, catalog: Catalog, plans: Sequence[SloPlan], prefix: str) -> None:
        self.catalog = catalog
        self.plans = plans
        self.plan_of = {plan.slo.ref: plan for plan in plans}
        self.overview = uid(prefix)
        self.uid_of = {ref: uid(prefix, ref) for ref in (*self.plan_of, *catalog.journeys)}
        self.slos_of: dict[str, list[str]] = defaultdict(list)
        for plan in sorted(plans, key=lambda plan: (plan.slo.measures != "availability", plan.slo.ref)):
            self.slos_of[plan.slo.target].append(plan.slo.ref)
        self._links: dict[str, str] = {}

    def title(self, ref: str) -> str:
        """Title of anything that has a dashboard, or of what else is in the catalog."""
        plan = self.plan_of.get(ref)
        return plan.slo.title if plan else self.catalog.title(ref)

    def link(self, ref: str) -> str:
        """Title of a component, journey or SLO in Markdown, linked to its dashboard where it has one."""
        if ref not in self._links:
            slos = self.slos_of.get(ref)
            place = self.uid_of.get(ref) or (self.uid_of[slos[0]] if slos else None)
            title = markdown(self.title(ref))
            self._links[ref] = f"[{title}]({place_of(place)})" if place else title
        return self._links[ref]

    def links(self, found: Iterable[str]) -> str:
        """The first of these, and how many more there are."""
        listed = list(found)
        text = ", ".join(map(self.link, listed[:_MOST_NAMED]))
        return f"{text} and {len(listed) - _MOST_NAMED} more" if len(listed) > _MOST_NAMED else text

    def measured(self, found: Iterable[str]) -> list[str]:
        """Those of these components or journeys for which there is an SLO, as label values."""
        return [label_of(ref) for ref in found if ref in self.slos_of]
