"""Recording rules of one SLO: two rates, and everything that follows from them.

A window W of the error ratio is the sum of the bad rates over it divided by the sum of the total rates, so that busy
minutes weigh more than quiet ones. A rate over five minutes looks five minutes back; its samples of the last W - 5m
therefore cover exactly W. Idle time adds nothing to either sum: it is neither good nor bad, and where a whole window
was idle there is no sample instead of a NaN.
"""

from fractions import Fraction
from functools import lru_cache

from servicescape.compile import names
from servicescape.compile.decimals import decimal_text
from servicescape.compile.plan import SloPlan
from servicescape.compile.promql import Query, check_composed
from servicescape.compile.rule import Rule, record
from servicescape.model.units import Duration

_ALL_OURS = ", ".join(sorted((*names.DESCRIPTIVE_LABELS, names.SLO)))
_DESCRIPTIVE = ", ".join(names.DESCRIPTIVE_LABELS)
_DAY_MS = 86_400_000


def recording_rules(plan: SloPlan) -> list[Rule]:
    """All recording rules in the order of evaluation; raises QueryError where the queries do not fit together."""
    labels = plan.labels
    this = selector(plan)
    budget = decimal_text(plan.budget)
    rules = (
        _ratio_rules(plan)
        if plan.measurement.error_ratio is None
        else _time_mean_rules(plan, plan.measurement.error_ratio)
    )
    period = selector(plan, window=plan.period)
    rules += [
        record(names.BURN_RATE, f"{names.ERROR_RATIO}{this} / {budget}", labels),
        record(
            names.BUDGET_REMAINING,
            f"1 - sum without ({names.WINDOW}) ({names.ERROR_RATIO}{period}) / {budget}",
            labels,
        ),
        record(names.OBJECTIVE, f"vector({decimal_text(plan.objective)})", labels),
        record(names.ERROR_BUDGET, f"vector({budget})", labels),
        record(names.PERIOD_DAYS, f"vector({_days(plan.period)})", labels),
        record(names.INFO, "vector(1)", dict(sorted({**labels, **{k: v for k, v in plan.info.items() if v}}.items()))),
    ]
    return rules


def selector(plan: SloPlan, *, window: Duration | None = None) -> str:
    """Matchers for the recorded series of an SLO, of one window where it is given."""
    # Names of entities have no character that would need escaping.
    if window is None:
        return f'{{{names.SLO}="{plan.name}"}}'
    return f'{{{names.SLO}="{plan.name}",{names.WINDOW}="{window.canonical()}"}}'


@lru_cache(maxsize=1024)
def samples_of(window: Duration) -> str:
    """Range whose samples of a 5m rate cover exactly the window; empty for the window of the rate itself."""
    rest = window.milliseconds - names.RATE_WINDOW.milliseconds
    return f"[{Duration(rest).canonical()}]" if rest else ""


def _ratio_rules(plan: SloPlan) -> list[Rule]:
    measurement = plan.measurement
    assert measurement.total is not None
    rules = [
        record(names.TOTAL_RATE, _checked(f"{measurement.total.operand} >= 0"), plan.labels),
        record(names.BAD_RATE, _checked(_bad(plan)), plan.labels),
    ]
    for window in plan.windows:
        bad, total = (_sum(plan, metric, window) for metric in (names.BAD_RATE, names.TOTAL_RATE))
        rules.append(record(names.ERROR_RATIO, f"{bad}\n/\n({total} > 0)", _with_window(plan, window)))
    return rules


def _bad(plan: SloPlan) -> str:
    """Bad events a second: 0 where there are events and no bad series, which often appears with the first error.

    `>= 0` lets no NaN through. The total is read from its own rule just before, so that its source is read once.
    """
    measurement = plan.measurement
    total = f"{names.TOTAL_RATE}{selector(plan)}"
    none = f"or ignoring ({_ALL_OURS})\n{total} * 0"
    if measurement.bad is not None:
        return f"{measurement.bad.operand} >= 0\n{none}"
    assert measurement.good is not None
    good = f"{measurement.good.operand} >= 0"
    if measurement.good_may_be_missing:
        good += "\n" + none
    indented = "\n".join("  " + line for line in good.split("\n")) if "`" not in good else good
    # Extrapolation can take the good rate a little above the total one.
    return f"clamp_min(\n{total}\n- ignoring ({_ALL_OURS})\n(\n{indented}\n),\n0)"


def _sum(plan: SloPlan, metric: str, window: Duration) -> str:
    samples = samples_of(window)
    series = f"{metric}{selector(plan)}"
    return f"sum {identity(plan)} ({f'sum_over_time({series}{samples})' if samples else series})"


def identity(plan: SloPlan) -> str:
    """Aggregation to what an SLO's series are told apart by, across changes of the descriptive labels.

    A budget outlives a change of owner or tier: without this it would start anew under the new label.
    """
    return _by(plan.grouping)


@lru_cache(maxsize=1024)
def _by(grouping: tuple[str, ...] | None) -> str:
    if grouping is None:
        return f"without ({_DESCRIPTIVE}, {names.WINDOW})"
    return f"by ({', '.join((names.SLO, *grouping))})"


def _time_mean_rules(plan: SloPlan, query: Query) -> list[Rule]:
    rate = names.RATE_WINDOW
    ratio = f"{query.operand} >= 0"
    if plan.measurement.divisor is not None:
        # As with counts: no series of errors while there are events means no errors.
        ratio += f"\nor\n({plan.measurement.divisor.operand} > 0) * 0"
    rules = [record(names.ERROR_RATIO, _checked(ratio), _with_window(plan, rate))]
    series = f"{names.ERROR_RATIO}{selector(plan, window=rate)}"
    over = identity(plan)
    for window in plan.windows:
        samples = samples_of(window)
        if samples:
            expr = f"sum {over} (sum_over_time({series}{samples}))\n/\nsum {over} (count_over_time({series}{samples}))"
            rules.append(record(names.ERROR_RATIO, expr, _with_window(plan, window)))
    return rules


def _with_window(plan: SloPlan, window: Duration) -> dict[str, str]:
    # `window` comes last in the alphabet, so the labels stay sorted.
    return {**plan.labels, names.WINDOW: window.canonical()}


def _days(period: Duration) -> str:
    return decimal_text(Fraction(period.milliseconds, _DAY_MS))


def _checked(expr: str) -> str:
    check_composed(expr)
    return expr
