"""Rules for one SLO as three tools make them: ours from the compiler, the others' rebuilt from their published shapes.

Sloth (https://sloth.dev, rules as of v0.16) records the error ratio over each window with `rate`, and the one over the
period as the mean of the ratios over five minutes. Pyrra (https://github.com/pyrra-dev/pyrra, `slo/rules.go` as of
2026) records burn rates over windows that are fractions of the period, waits with `for`, and counts the period's events
with `increase`. `python benchmarks/alert_quality.py --sloth FILE` checks the shape against what Sloth itself wrote.
"""

import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

BAD = 'sum(rate(http_requests_total{{job="{job}",code=~"5.."}}[{window}]))'
TOTAL = 'sum(rate(http_requests_total{{job="{job}"}}[{window}]))'
PERIOD_DAYS = 30

Rules = list[dict[str, Any]]


def ours(job: str, objective: str) -> Rules:
    """What `servicescape compile` writes for the SLO."""
    import yaml
    from tests.support.slo_catalogs import catalog, slo

    from servicescape.compile.options import CompileOptions
    from servicescape.compile.prometheus import compile_prometheus

    indicator = {
        "ratio": {
            "bad": BAD.format(job=job, window="{{window}}"),
            "total": TOTAL.format(job=job, window="{{window}}"),
        }
    }
    made = catalog(slo(job, objective=float(objective), indicator=indicator))
    compiled = compile_prometheus(made, options=CompileOptions(tests=False))
    return [
        rule for text in compiled.files.values() for group in yaml.safe_load(text)["groups"] for rule in group["rules"]
    ]


def sloth(job: str, objective: str) -> Rules:
    """Sloth's recording rules and alerts."""
    budget = float(1 - Fraction(objective) / 100)
    marks = {"sloth_id": f"shop-{job}", "sloth_service": "shop", "sloth_slo": job}
    matchers = ", ".join(f'{name}="{value}"' for name, value in marks.items())
    rules: Rules = []
    for window in ("5m", "30m", "1h", "2h", "6h", "1d", "3d"):
        ratio = f"({BAD.format(job=job, window=window)})\n/\n({TOTAL.format(job=job, window=window)})\n"
        rules.append(_record(f"slo:sli_error:ratio_rate{window}", ratio, {**marks, "sloth_window": window}))
    five = f"slo:sli_error:ratio_rate5m{{{matchers}}}[{PERIOD_DAYS}d]"
    mean = f"sum_over_time({five})\n/ ignoring (sloth_window)\ncount_over_time({five})\n"
    period = f"{PERIOD_DAYS}d"
    rules.append(_record(f"slo:sli_error:ratio_rate{period}", mean, {**marks, "sloth_window": period}))
    rules.append(_record("slo:objective:ratio", f"vector({float(Fraction(objective) / 100)})", marks))
    rules.append(_record("slo:error_budget:ratio", f"vector(1-{float(Fraction(objective) / 100)})", marks))
    rules.append(_record("slo:time_period:days", f"vector({PERIOD_DAYS})", marks))
    for name, window in (("current", "5m"), ("period", period)):
        expr = (
            f"slo:sli_error:ratio_rate{window}{{{matchers}}}\n/ on(sloth_id, sloth_slo, sloth_service) group_left\n"
            f"slo:error_budget:ratio{{{matchers}}}\n"
        )
        rules.append(_record(f"slo:{name}_burn_rate:ratio", expr, marks))
    left = f"1 - slo:period_burn_rate:ratio{{{matchers}}}"
    rules.append(_record("slo:period_error_budget_remaining:ratio", left, marks))
    rules.append(_record("sloth_slo_info", "vector(1)", marks))
    pairs = (("page", (("5m", "1h", "14.4"), ("30m", "6h", "6"))), ("ticket", (("2h", "1d", "3"), ("6h", "3d", "1"))))
    for severity, windows in pairs:
        sides = []
        for short, long, factor in windows:
            above = [
                f"max(slo:sli_error:ratio_rate{window}{{{matchers}}} > ({factor} * {budget!r})) without (sloth_window)"
                for window in (short, long)
            ]
            sides.append(f"(\n    {above[0]}\n    and\n    {above[1]}\n)\n")
        rules.append(_alert("HighErrorRate", "or\n".join(sides), {"severity": severity}))
    return rules


def pyrra(job: str, objective: str) -> Rules:
    """Pyrra's recording rules and alerts."""
    target = str(float(Fraction(objective) / 100))
    label = {"job": job, "slo": job}
    selector = f'{{job="{job}",slo="{job}"}}'
    minutes = PERIOD_DAYS * 1440
    # severity, for, long and short windows as parts of 28 days, factor
    table = (
        ("page", 28 * 24 * 30, 28 * 24, 28 * 24 * 12, 14),
        ("page", 28 * 24 * 4, 28 * 4, 28 * 24 * 2, 7),
        ("ticket", 28 * 24, 28, 28 * 12, 2),
        ("ticket", 28 * 8, 7, 28 * 4, 1),
    )
    rounded = [(severity, *(int(minutes / part + 0.5) for part in parts), factor) for severity, *parts, factor in table]
    rules: Rules = []
    for window in sorted({window for _, _, long, short, _ in rounded for window in (long, short)}):
        ratio = f"{BAD.format(job=job, window=f'{window}m')} / {TOTAL.format(job=job, window=f'{window}m')}"
        rules.append(_record(f"http_requests:burnrate{window}m", ratio, label))
    for severity, hold, long, short, factor in rounded:
        above = [f"http_requests:burnrate{window}m{selector} > ({factor} * (1-{target}))" for window in (short, long)]
        marks = {**label, "severity": severity, "long": f"{long}m", "short": f"{short}m"}
        rules.append(_alert("ErrorBudgetBurn", " and ".join(above), marks, hold=f"{hold}m"))
    events = f'sum by (code) (increase(http_requests_total{{job="{job}"}}[{PERIOD_DAYS}d]))'
    rules.append(_record(f"http_requests:increase{PERIOD_DAYS}d", events, label))
    counted = f"http_requests:increase{PERIOD_DAYS}d"
    bad, total = (
        f'sum({counted}{{job="{job}",slo="{job}"{more}}}{rest})'
        for more, rest in ((',code=~"5.."', " or vector(0)"), ("", ""))
    )
    rules.append(_record("pyrra_availability", f"1 - {bad} / {total}", {"slo": job}))
    return rules


TOOLS: dict[str, Callable[[str, str], Rules]] = {"servicescape": ours, "Sloth": sloth, "Pyrra": pyrra}
PERIOD_RATIO = {
    "servicescape": f'sum(slo:error:ratio{{window="{PERIOD_DAYS}d"}})',
    "Sloth": f"sum(slo:sli_error:ratio_rate{PERIOD_DAYS}d)",
    "Pyrra": "1 - sum(pyrra_availability)",
}
"""Where each tool records the error ratio over the period."""
HOUR_RATIO = {
    "servicescape": 'sum(slo:error:ratio{window="1h"})',
    "Sloth": "sum(slo:sli_error:ratio_rate1h)",
    "Pyrra": "sum(http_requests:burnrate64m)",
}
"""Where each tool records the error ratio over an hour, or what is nearest to it."""


def _record(metric: str, expr: str, labels: dict[str, str]) -> dict[str, Any]:
    return {"record": metric, "expr": expr, "labels": labels}


def _alert(name: str, expr: str, labels: dict[str, str], hold: str | None = None) -> dict[str, Any]:
    return {"alert": name, "expr": expr, "labels": labels, **({"for": hold} if hold else {})}
