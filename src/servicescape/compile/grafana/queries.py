"""PromQL of panels. It reads what our rules record, never the sources."""

from collections.abc import Iterable, Sequence

from servicescape.compile import names


def equal(label: str, value: str) -> str:
    """A matcher for one value. Names of entities need no escaping."""
    return f'{label}="{value}"'


def one_of(label: str, values: Iterable[str]) -> str:
    """A matcher for any of these names."""
    return f'{label}=~"{"|".join(values)}"'


def series(metric: str, *matchers: str) -> str:
    """A metric with matchers."""
    return f"{metric}{{{','.join(matcher for matcher in matchers if matcher)}}}"


def firing(*matchers: str) -> str:
    """Alerts that fire, of SLOs alone: others may have a component or a team as well."""
    ours = () if any(matcher.startswith(f"{names.SLO}=") for matcher in matchers) else (f'{names.SLO}!=""',)
    return series(names.ALERTS, equal(names.ALERT_STATE, "firing"), *matchers, *ours)


def by(labels: Sequence[str]) -> str:
    """The clause of an aggregation; nothing where there are no labels."""
    return f" by ({', '.join(labels)})" if labels else ""


def lane(alerts: str, measured: str, labels: Sequence[str] = ()) -> str:
    """1 while an alert fires, 0 while none does and something is measured, nothing where nothing is."""
    # Counted, so that the sign of what is measured makes no -0 of it.
    return f"max{by(labels)} ({alerts})\nor\ncount{by(labels)} ({measured}) * 0"


def worst(matchers: Sequence[str], measured: str, labels: Sequence[str] = ()) -> str:
    """2 while a page fires, 1 while another alert does, 0 while none does, nothing where nothing is measured."""
    page = firing(equal(names.SEVERITY, "page"), *matchers)
    return f"max{by(labels)} ({page}) * 2\nor\n{lane(firing(*matchers), measured, labels)}"


def facts(labels: Iterable[str]) -> str:
    """The info series of every SLO with these labels, one for each whatever else has changed."""
    return f"group by ({', '.join((names.SLO, *labels))}) ({names.INFO})"


def with_facts(expr: str, labels: Sequence[str]) -> str:
    """An expression with labels of the info series."""
    return f"{expr}\n* on ({names.SLO}) group_left ({', '.join(labels)}) {facts(labels)}"
