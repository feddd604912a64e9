"""SCN701: a what-if in which nothing fails."""

from collections.abc import Iterator

from servicescape.analysis.failure_groups import members_of_group
from servicescape.bind.located import Path
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity, nearest
from servicescape.model.scenario import TargetGroup
from servicescape.rules.rule import Rule, RuleContext


class ScenarioHitsNothing(Rule):
    """A scenario lets a group fail that holds no component, or names nothing at all.

    ## Why it matters

    Nothing fails, so nothing is hurt, and what the scenario expects holds whatever the catalog says. It is a test that
    cannot fail.

    ## Example

    ```yaml
    kind: Scenario
    metadata: {name: cloud-region-lost}
    spec:
      fail: [{vendor: Nimbus}]         # the externals say `Nimbus Cloud`
    ```

    ## What to do

    Correct the group so that it picks what should fail; `vendor` and `label` must be written as they are in the
    catalog.
    """

    code = "SCN701"
    name = "scenario-hits-nothing"
    severity = Severity.WARNING
    speaks_of_absence = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such group of a scenario, or one for the list where all lists are empty."""
        for ref, located in catalog.scenarios.items():
            spec = located.entity.spec
            namespace = located.entity.metadata.namespace
            if not spec.fail and not spec.degrade:
                written = "fail" if "fail" in spec.model_fields_set else "degrade"
                yield Diagnostic(
                    code=self.code,
                    message=f"nothing fails here: `{written}` is empty",
                    file=located.file,
                    span=located.places.key_span(("spec", written)),
                    label="names no service, platform or external",
                    help="name what should fail",
                    entity=ref,
                )
            for key, targets in (("fail", spec.fail), ("degrade", spec.degrade)):
                for number, target in enumerate(targets):
                    if not isinstance(target, TargetGroup) or not _resolves(catalog, target, namespace):
                        continue
                    if members_of_group(catalog, target, namespace):
                        continue
                    path: Path = ("spec", key, number)
                    given = [
                        name for name in ("team", "domain", "vendor", "label") if getattr(target, name) is not None
                    ]
                    span = located.places.value_span((*path, given[0]) if len(given) == 1 else path)
                    yield Diagnostic(
                        code=self.code,
                        message=f"nothing fails here: {_in_words(target)}",
                        file=located.file,
                        span=span if span.start.line == span.end.line else located.places.key_span((*path, given[0])),
                        label="picks no service, platform or external",
                        help=_advice(catalog, target),
                        entity=ref,
                    )


def _resolves(catalog: Catalog, group: TargetGroup, namespace: str) -> bool:
    """Whether the names in it are defined; what is not was reported."""
    return all(
        text is None or catalog.find(text, (kind,), namespace) is not None
        for kind, text in (("Team", group.team), ("Domain", group.domain))
    )


def _in_words(group: TargetGroup) -> str:
    words = []
    if group.team is not None:
        words.append(f"belongs to the team `{group.team}`")
    if group.domain is not None:
        words.append(f"is in the domain `{group.domain}`")
    if group.vendor is not None:
        words.append(f"is run by `{group.vendor}`")
    if group.label is not None:
        words.append(f"carries the label {', '.join(f'`{key}: {value}`' for key, value in group.label.items())}")
    return f"no component {' and '.join(words)}"


def _advice(catalog: Catalog, group: TargetGroup) -> str:
    if group.vendor is not None:
        vendors = {component.vendor for component in catalog.components.values() if component.vendor}
        close = nearest(group.vendor, vendors) or next(
            (each for each in sorted(vendors) if each.casefold().startswith(group.vendor.casefold())), None
        )
        if group.vendor not in vendors and close:
            return f"did you mean `{close}`?"
    return "correct the group so that it picks what should fail, or remove it"
