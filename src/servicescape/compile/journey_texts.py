"""What the alerts of an estimate tell: the step that loses most attempts, and what of its components fails.

All of it is asked when the alert fires. Where the answer is gone by then, the texts say so or leave it out.
"""

from fractions import Fraction

from servicescape.compile import names
from servicescape.compile.decimals import decimal_text
from servicescape.compile.plan import SloPlan
from servicescape.model.units import Duration

_MOST_COMPONENTS = 3
_SHARE = "humanizePercentage"


def where(plan: SloPlan, window: Duration) -> str:
    """For a headline: `, at pay (payment-hub)`; nothing where it cannot be told."""
    step, component = _worst_step(plan, window), _worst_components(plan, window, 1)
    named = f"{{{{ with {component} }}}} ({{{{ . | first | label {_quoted(names.COMPONENT)} }}}}){{{{ end }}}}"
    return f"{{{{ with {step} }}}}{_SET_STEP}, at {{{{ $step }}}}{named}{{{{ end }}}}"


def lost_where(plan: SloPlan, window: Duration) -> str:
    """The step that loses most attempts, and its components that fail most, in sentences."""
    step, components = _worst_step(plan, window), _worst_components(plan, window, _MOST_COMPONENTS)
    each = (
        f"{{{{ range $i, $c := . }}}}{{{{ if $i }}}}, {{{{ end }}}}"
        f"{{{{ $c.Labels.{names.COMPONENT} }}}} {{{{ $c.Value | {_SHARE} }}}}{{{{ end }}}}"
    )
    return (
        f"{{{{ with {step} }}}}{_SET_STEP}Step {{{{ $step }}}} loses most of them "
        f"({{{{ . | first | value | {_SHARE} }}}} of all)"
        f"{{{{ with {components} }}}}. Of what it needs fail: {each}{{{{ end }}}}. "
        "{{ else }}Which step loses them is not recorded any more. {{ end }}"
    )


def blocked(plan: SloPlan, customers: str) -> dict[str, str]:
    """The annotation `impact`: who wants it, and how many of them are blocked at that moment."""
    assert plan.estimate is not None
    attempts = plan.estimate.journey.average_per_hour
    if attempts is None:
        return {}
    query = f"query `{plan.naming.ratio(names.RATE_WINDOW.canonical())} * {_number(attempts)}`"
    now = '{{ . | first | value | printf "%.0f" }}'
    before = f"{customers} " if customers else ""
    return {
        "impact": f"{before}{{{{ with {query} }}}}By this estimate about {now} of them an hour are blocked now, "
        "taking the average of attempts.{{ end }}"
    }


_SET_STEP = f'{{{{ $step := . | first | label "{names.STEP}" }}}}'


def _worst_step(plan: SloPlan, window: Duration) -> str:
    series = f'{names.STEP_ERROR}{{{names.SLO}="{plan.name}"}}[{window.canonical()}]'
    return f"query `topk(1, sum by ({names.STEP}) (avg_over_time({series})) > 0)`"


def _worst_components(plan: SloPlan, window: Duration, most: int) -> str:
    """Within `$step`."""
    series = f'{names.NEED_ERROR}{{{names.SLO}="{plan.name}",{names.STEP}=%q}}[{window.canonical()}]'
    return f"query (printf `sort_desc(topk({most}, sum by ({names.COMPONENT}) (avg_over_time({series})) > 0))` $step)"


def _quoted(text: str) -> str:
    return f'"{text}"'


def _number(value: float) -> str:
    return decimal_text(Fraction(repr(value)))
