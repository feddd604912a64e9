"""SLO421: a share of 1 written where percent are meant."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from servicescape.bind.located import Path
from servicescape.bind.mends import bare_value_fix
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.model.entity import Entity
from servicescape.rules.rule import Rule, RuleContext


class RatioForPercent(Rule):
    """An objective is 1 % or less, which most likely is a share of 1.

    ## Why it matters

    Objectives are written in percent. `0.999` promises that one event in a hundred is good, so that no alert can ever
    fire and every report is green: the slip hides itself. Other tools take a share, and it is copied from there.

    ## Example

    ```yaml
    objective: 0.999               # meant: 99.9
    ```

    ## What to do

    Write percent. If 1 % or less is really what is promised, ignore the finding at its line and say why.
    """

    code = "SLO421"
    name = "ratio-for-percent"
    severity = Severity.WARNING
    fixable = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such objective, target or SLA."""
        for ref, located in catalog.entities.items():
            kind = located.key[0]
            if kind not in _WITH_PERCENT or (kind in _WITH_INLINE_ALONE and not catalog.components[ref].slos):
                continue
            for path, value in _percents(located.entity):
                if value > 1:
                    continue
                meant = format((value * 100).normalize(), "f")
                yield Diagnostic(
                    code=self.code,
                    message=f"`{path[-1]}` is {value} percent",
                    file=located.file,
                    span=located.places.value_span(path),
                    label=f"{value} of a hundred",
                    help=f"write percent: did you mean `{meant}`?" if value < 1 else "write percent, such as 99.9",
                    entity=ref,
                    fix=bare_value_fix(located.places, path, meant, safe=False) if value < 1 else None,
                )


_WITH_PERCENT = frozenset(("External", "Journey", "Platform", "SLO", "Service"))
"""Kinds that hold an objective or an SLA somewhere."""
_WITH_INLINE_ALONE = frozenset(("Platform", "Service"))
"""Those that do in their SLOs alone. There are ten thousands of them, and few have any."""


def _percents(entity: Entity) -> Iterable[tuple[Path, Decimal]]:
    # Models answer slowly for what they have not, and there are ten thousands of them.
    spec: dict[str, Any] = entity.spec.__dict__  # type: ignore[attr-defined]
    found: list[tuple[Path, Decimal]] = []
    for key in ("objective", "sla"):
        value = spec.get(key)
        if isinstance(value, Decimal):
            found.append((("spec", key), value))
    if "budgeting" in spec:
        found += _targets(spec["budgeting"], ("spec",))
    for number, slo in enumerate(spec.get("slos", ())):
        found.append((("spec", "slos", number, "objective"), slo.objective))
        found += _targets(slo.budgeting, ("spec", "slos", number))
    return found


def _targets(budgeting: Any, path: Path) -> Iterator[tuple[Path, Decimal]]:
    """What each slice of time must reach."""
    slices = getattr(budgeting, "timeslices", None)
    if slices is not None:
        yield (*path, "budgeting", "timeslices", "target"), slices.target
