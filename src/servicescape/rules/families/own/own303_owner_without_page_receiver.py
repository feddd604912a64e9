"""OWN303: pages that reach nobody."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.objective import Slo
from servicescape.compile.alertmanager.receivers import receivers_of
from servicescape.diagnostics import Diagnostic, Label, Severity
from servicescape.rules.places import is_whole
from servicescape.rules.rule import Rule, RuleContext


class OwnerWithoutPageReceiver(Rule):
    """An SLO of a part of tier 1 pages its owner, and the team has no receiver for pages.

    ## Why it matters

    The alert is labelled with the team, and Alertmanager has nowhere to send it. It ends in the default route, where it
    waits for somebody to look.

    Looked at are catalogs in which most of the teams that are paged have a receiver; a team that cannot be reached
    at all is OWN301.

    ## Example

    ```yaml
    kind: Team
    metadata: {name: identity-crew}         # owns identity: tier 1, with an SLO
    spec: {contacts: [{type: slack, value: "#identity"}]}
    ```

    ## What to do

    Name the team's receiver in Alertmanager: `receivers: {page: pagerduty-identity}`, or that of a team that it is part
    of (`parent`). If nobody is on call, let the SLO open tickets only: `alerting: {page: off}`.
    """

    code = "OWN303"
    name = "owner-without-page-receiver"
    severity = Severity.INFO
    speaks_of_absence = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such team, at its name."""
        teams = {ref: located.entity.spec for ref, located in catalog.teams.items()}
        paged: dict[str, list[Slo]] = {}
        for slo in catalog.slos.values():
            component = catalog.components.get(slo.target)
            if component is None or component.tier != 1 or slo.alerting.page == "off" or component.owner is None:
                continue
            paged.setdefault(component.owner, []).append(slo)
        if sum(receivers_of(catalog, ref).page is not None for ref in paged) * 2 <= len(paged):
            return
        for ref, located in catalog.teams.items():
            spec = teams[ref]
            if ref not in paged or not (spec.contacts or spec.receivers.ticket) or receivers_of(catalog, ref).page:
                continue
            if not is_whole(located, ("spec",)):
                continue
            slos = paged[ref]
            yield Diagnostic(
                code=self.code,
                message=f"`{located.entity.metadata.name}` is paged by `{slos[0].name}`"
                + (f" and {len(slos) - 1} more" if len(slos) > 1 else "")
                + ", and has no receiver for pages",
                file=located.file,
                span=located.places.value_span(("metadata", "name")),
                label="without `receivers.page`",
                help="name the team's receiver in Alertmanager as `receivers.page`, or turn these pages off",
                entity=ref,
                related=(
                    Label(
                        slos[0].entity.file,
                        slos[0].entity.places.value_span((*slos[0].path, "objective")),
                        f"`{slos[0].name}` pages",
                    ),
                ),
            )
