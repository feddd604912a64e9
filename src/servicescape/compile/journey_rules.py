"""Rules of a journey's estimate: of its steps, and what the rules of its SLO are made from.

The error ratio of each component over five minutes, one series each, is read from what its own SLO records. A step
multiplies them up, `1 - exp(sum(ln(1 - error)))` for "one of these is out", which takes any number of series, and one
that is missing (idle, in maintenance, gone) for no errors. Where all are missing there is no estimate.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from servicescape.catalog.catalog import Catalog
from servicescape.compile import names
from servicescape.compile.decimals import decimal_text
from servicescape.compile.indicator import Measurement
from servicescape.compile.journey_blocking import AllOut, AnyOut, Blocking
from servicescape.compile.journey_estimates import (
    Estimate,
    EstimatedStep,
    coverage,
    derived_slo,
    journeys_to_estimate,
    measured_components,
)
from servicescape.compile.neighbours import Neighbours
from servicescape.compile.options import CompileOptions, Note, Uncompiled
from servicescape.compile.plan import Planned, SloPlan, plan_slo
from servicescape.compile.promql import Query, check_composed
from servicescape.compile.rule import Rule, record

_MOST_NAMED = 8
_GLOBAL_VIEW = ("mimir", "thanos")
"""Targets whose rules see what is recorded by those of all shards."""


def plan_estimates(
    catalog: Catalog, neighbours: Neighbours, options: CompileOptions, plans: Mapping[str, SloPlan]
) -> Iterable[Planned]:
    """The plan of every derived SLO; `plans` are those of the written ones that became rules, by reference."""
    sources: dict[str, SloPlan] = {}
    for component, slos in measured_components(catalog).items():
        plan = next((plans[slo.ref] for slo in slos if slo.ref in plans), None)
        if plan is not None:
            sources[component] = plan
    settings = options.settings
    if settings.estimates == "off":
        return
    measured = frozenset(sources)
    for journey in journeys_to_estimate(catalog):
        slo = derived_slo(journey, pages=settings.estimates == "page")
        seen = coverage(catalog, journey, measured)
        if not seen.steps:
            yield Planned(None, (Uncompiled(slo.ref, "", _nothing_seen(seen.unmeasured)),))
            continue
        if settings.shards > 1 and settings.target not in _GLOBAL_VIEW:
            reason = "the SLOs of its components are spread over servers that do not see each other's series"
            yield Planned(None, (Uncompiled(slo.ref, "", reason),))
            continue
        estimate = Estimate(journey, seen, {ref: sources[ref] for step in seen.steps for ref in step.components})
        planned = plan_slo(slo, catalog, neighbours, options, measured_by(slo.name))
        if planned.plan is not None:
            labels = {**planned.plan.labels, names.ESTIMATE: "true"}
            plan = replace(planned.plan, estimate=estimate, labels=dict(sorted(labels.items())))
            planned = Planned(plan, planned.uncompiled, tuple(_notes(estimate, slo.ref)))
        yield planned


def measured_by(slo: str) -> Measurement:
    """The share of attempts that any step ends, of the recorded shares of each."""
    text = f'1 - exp(sum(ln(1 - {names.STEP_ERROR}{{{names.SLO}="{slo}"}})))'
    return Measurement(error_ratio=Query(text, frozenset(), (), None, is_atomic=False))


def step_rules(plan: SloPlan) -> list[Rule]:
    """For each step what it needs, and the share of attempts that it ends; they stand before the rules of the SLO."""
    assert plan.estimate is not None
    rules = []
    for step in plan.estimate.coverage.steps:
        labels = dict(sorted({**plan.labels, names.STEP: step.step.name}.items()))
        need = _need_errors([plan.estimate.sources[ref] for ref in step.components])
        rules.append(record(names.NEED_ERROR, _checked(need), labels))
        rules.append(record(names.STEP_ERROR, _checked(_step_error(plan, step)), labels))
    return rules


def left_out(estimate: Estimate) -> str:
    """What an estimate does not see, in words without a full stop; empty where it sees everything."""
    seen = estimate.coverage
    parts = []
    if seen.unmeasured:
        parts.append(f"{_some(list(map(names.label_of, seen.unmeasured)))} (no SLO for availability)")
    for steps, why in ((seen.unseen, "a leg of which nothing is measured"), (seen.entangled, "legs too entangled")):
        if steps:
            parts.append(f"{'steps' if len(steps) > 1 else 'step'} {_some([each.name for each in steps])} ({why})")
    return "; ".join(parts)


def _notes(estimate: Estimate, ref: str) -> Iterable[Note]:
    yield Note(ref, "worked out from the SLOs of the components; windows longer than 5m are means over time")
    missing = left_out(estimate)
    if missing:
        yield Note(ref, "the estimate leaves out what has no SLO for availability; the rule file names it")


def _nothing_seen(unmeasured: tuple[str, ...]) -> str:
    if not unmeasured:
        return "no failure of a component blocks any of its steps, so that there is nothing to estimate"
    return (
        "too little is measured to estimate it: no step is seen to fail without an SLO for the availability of "
        f"{_some(list(map(names.label_of, unmeasured)))}"
    )


def _some(values: list[str]) -> str:
    more = f" and {len(values) - _MOST_NAMED} more" if len(values) > _MOST_NAMED else ""
    return ", ".join(values[:_MOST_NAMED]) + more


def _need_errors(sources: list[SloPlan]) -> str:
    """The error ratio of each component over five minutes, from what its SLO records, by `component`."""
    by_form: dict[str, list[SloPlan]] = {}
    for plan in sources:
        by_form.setdefault(form_of(plan), []).append(plan)
    by = f"by ({names.COMPONENT})"
    parts = []
    for form in sorted(by_form):
        which = _matcher(names.SLO, [plan.name for plan in by_form[form]])
        if form == "counts":
            bad, total = (f"sum {by} ({metric}{{{which}}})" for metric in (names.BAD_RATE, names.TOTAL_RATE))
            parts.append(f"{bad} / ({total} > 0)")
        elif form == "named":
            parts += [_named(plan) for plan in by_form[form]]
        elif form == "slices":
            parts.append(f"avg {by} ({names.MEASURED_RATIO}{{{which}}})")
        else:
            window = f'{names.WINDOW}="{names.RATE_WINDOW.canonical()}"'
            parts.append(f"avg {by} ({names.ERROR_RATIO}{{{which},{window}}})")
    if len(parts) == 1:
        return f"clamp_max({parts[0]}, 1)"
    joined = "\nor\n".join(f"  {part}" for part in parts)
    return f"clamp_max(\n{joined},\n1)"


def _named(plan: SloPlan) -> str:
    """The error ratio of one SLO by the component that it is for."""
    ratio = plan.naming.ratio(names.RATE_WINDOW.canonical())
    component = names.label_of(plan.slo.target)
    return f'avg by ({names.COMPONENT}) (label_replace({ratio}, "{names.COMPONENT}", "{component}", "", ""))'


def form_of(plan: SloPlan) -> str:
    """Which recorded series tell the error ratio of a component, whatever its queries group by.

    Names of another scheme say nothing of components: what they are made from is read instead, or each is `named`.
    """
    if not plan.naming.scheme.is_ours:
        if plan.measurement.error_ratio is None:
            return "counts"
        return "slices" if plan.slices else "named"
    if plan.measurement.error_ratio is None:
        return "ratio" if plan.grouping == () and not plan.slices else "counts"
    return "slices" if plan.slices else "ratio"


def _matcher(label: str, values: Iterable[str]) -> str:
    # Names have no character that means something in a regular expression.
    listed = sorted(values)
    return f'{label}="{listed[0]}"' if len(listed) == 1 else f'{label}=~"{"|".join(listed)}"'


def _step_error(plan: SloPlan, step: EstimatedStep) -> str:
    series = f'{names.NEED_ERROR}{{{names.SLO}="{plan.name}",{names.STEP}="{step.step.name}"'
    share = decimal_text(Fraction(repr(step.step.share)))
    factor = "" if share == "1" else f"{share} * "
    found = step.blocking
    if isinstance(found, AnyOut) and not found.parts:
        # Each of the step's components blocks it: all its series.
        one = f"1 - exp(sum(ln(1 - {series}}})))"
        return f"{factor}({one})" if factor else one
    return f"{factor}{_chance(found, series)}\nand on ()\ngroup({series}}})"


def _chance(found: Blocking, series: str) -> str:
    """An expression for the chance of being blocked, which stands beside any operator."""
    if isinstance(found, AllOut):
        return "\n* ".join(_chance(part, series) for part in found.parts)
    which = _matcher(names.COMPONENT, map(names.label_of, found.components))
    up = f"(exp(sum(ln(1 - {series},{which}}}))) or vector(1))"
    if isinstance(found, AnyOut):
        factors = [up, *(f"(1 - {_grouped(part, series)})" for part in found.parts)]
        return f"(1 - {_lines(factors)})"
    down, rest = _grouped(found.down, series), _grouped(found.up, series)
    return f"((1 - {up}) * {down}\n+ {up} * {rest})"


def _grouped(found: Blocking, series: str) -> str:
    text = _chance(found, series)
    return f"({text})" if isinstance(found, AllOut) else text


def _lines(factors: list[str]) -> str:
    return "\n* ".join(factors)


def _checked(expr: str) -> str:
    check_composed(expr)
    return expr
