"""SLO413: a name that Prometheus does not take for a label or annotation."""

import re
from collections.abc import Iterator

from servicescape.bind.mends import key_fix
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.model.slo import AlertDetails
from servicescape.rules.rule import Rule, RuleContext

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")


class BadAlertLabel(Rule):
    """A label or annotation of an alert has a name that Prometheus does not take.

    ## Why it matters

    Prometheus refuses the whole rule file, so such a label would be left out of the rules, and whoever routes or reads
    by it waits in vain.

    ## Example

    ```yaml
    alerting:
      page:
        annotations: {first-step: "Fail over to the second region"}     # first_step
    ```

    ## What to do

    Use letters, digits and underscores, and begin with a letter or an underscore.
    """

    code = "SLO413"
    name = "bad-alert-label"
    severity = Severity.ERROR
    fixable = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such name, at the name."""
        for slo in catalog.slos.values():
            for severity in ("page", "ticket"):
                details = getattr(slo.alerting, severity)
                if not isinstance(details, AlertDetails):
                    continue
                for part in ("labels", "annotations"):
                    for name in getattr(details, part):
                        if _NAME.fullmatch(name):
                            continue
                        path = (*slo.path, "alerting", severity, part, name)
                        yield Diagnostic(
                            code=self.code,
                            message=f"Prometheus takes no {part.removesuffix('s')} named `{name}`",
                            file=slo.entity.file,
                            span=slo.entity.places.key_span(path),
                            label="only letters, digits and underscores",
                            help=f"write `{_mended(name)}`",
                            entity=slo.ref,
                            fix=key_fix(slo.entity.places, path, _mended(name), safe=False)
                            if _mended(name) not in getattr(details, part)
                            else None,
                        )


def _mended(name: str) -> str:
    text = re.sub(r"[^a-zA-Z0-9_]+", "_", name)
    return f"_{text}" if text[:1].isdigit() else text or "_"
