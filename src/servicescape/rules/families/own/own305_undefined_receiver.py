"""OWN305: receivers that Alertmanager does not have."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Edit, Fix, Severity, nearest
from servicescape.rules.places import begin_of_text
from servicescape.rules.rule import Rule, RuleContext


class UndefinedReceiver(Rule):
    """A team names a receiver that the organisation's Alertmanager configuration does not define.

    ## Why it matters

    Alertmanager refuses a configuration whose routes lead to a receiver that is not there, and goes on with the one
    that it has. Nothing that the catalog says from then on reaches anybody.

    Looked at are catalogs whose settings name that configuration: `compile.alertmanager.base`.

    ## Example

    ```yaml
    kind: Team
    metadata: {name: storefront}
    spec: {receivers: {page: pagerduty-storefrnt}}   # the base defines pagerduty-storefront
    ```

    ## What to do

    Mend the name, or define the receiver in the base:

    ```yaml
    receivers:
      - name: pagerduty-storefront
        pagerduty_configs: [{routing_key_file: /etc/alertmanager/secrets/storefront}]
    ```
    """

    code = "OWN305"
    name = "undefined-receiver"
    severity = Severity.ERROR
    fixable = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such name, at its place."""
        if context.alertmanager is None:
            return
        known, file = context.alertmanager.receivers, context.alertmanager.file
        for ref, located in catalog.teams.items():
            receivers = located.entity.spec.receivers
            for key, name in (("page", receivers.page), ("ticket", receivers.ticket)):
                if name is None or name in known:
                    continue
                span = located.places.value_span(("spec", "receivers", key))
                close = nearest(name, known)
                fix = None
                if close is not None and begin_of_text(span, name) == span.start.column:
                    fix = Fix(f"write `{close}`", (Edit(located.file, span, close),), safe=False)
                offer = f"did you mean `{close}`?" if close else f"define it in {file}, or name one that is there"
                yield Diagnostic(
                    code=self.code,
                    message=f"{file} has no receiver `{name}`",
                    file=located.file,
                    span=span,
                    label=f"{key}s of `{located.entity.metadata.name}` go to it",
                    help=offer,
                    entity=ref,
                    fix=fix,
                )
