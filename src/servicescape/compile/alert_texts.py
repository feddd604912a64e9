"""What an alert tells the person whom it wakes: what burns, who feels it, what to do first and whom to call.

Texts are Go templates that Prometheus fills in when the alert fires
(https://prometheus.io/docs/prometheus/latest/configuration/template_reference/); whatever comes from the catalog is
printed as it stands. A text from the catalog never stands right before `{{`: one that ends with `{` would spoil it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from itertools import chain, islice

from servicescape.analysis.journey_impact import leg_needs
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Component
from servicescape.compile import journey_texts, names
from servicescape.compile.decimals import decimal_text
from servicescape.compile.neighbours import LIST_LIMIT, Neighbours
from servicescape.compile.plan import SloPlan
from servicescape.compile.window_tables import AlertPair
from servicescape.model.names import name_of
from servicescape.model.units import Duration

ImpactOf = Callable[[str], str | None]
"""Reference of a component or journey → what its failure does to customers, in a sentence; None where nothing."""

_MOST_NAMED = 5
_MOST_STEPS = 3
_LONGEST_TITLE = 200
"""A summary must fit into a line, and PagerDuty cuts it off at 1,024 characters."""
_DURATION = 'humanizeDuration | reReplaceAll "( 0[hms])+$" ""'


COMMON = ("dashboard_url", "first_step", "impact", "owner", "runbook_url", "upstream")
"""Annotations that are the same on all alerts of an SLO."""


class AlertTexts:
    """Annotations of the alerts of one catalog."""

    def __init__(self, catalog: Catalog, neighbours: Neighbours, impact_of: ImpactOf) -> None:
        """`impact_of` is asked once for each target."""
        self._catalog = catalog
        self._neighbours = neighbours
        self._impact_of = impact_of
        self._impacts: dict[str, str | None] = {}
        self._last: tuple[str, dict[str, str]] = ("", {})
        self._names: dict[str, str] = {}
        """Component → how the texts of those above it call it."""
        self._steps = _steps_with_runbook(catalog)

    def common(self, plan: SloPlan) -> dict[str, str]:
        """Annotations that all alerts of an SLO have in common, by name, as templates."""
        if self._last[0] != plan.slo.ref:
            self._last = (plan.slo.ref, self._common(plan))
        return self._last[1]

    def _common(self, plan: SloPlan) -> dict[str, str]:
        target = plan.slo.target
        if target not in self._impacts:
            self._impacts[target] = self._impact_of(target)
        runbook = _link(plan, "runbook") or plan.runbook
        found = {
            "impact": literal(self._impacts[target] or ""),
            "first_step": self._first_step(target, runbook),
            "owner": self._owner(target),
            "upstream": self._upstream(target),
            "runbook_url": literal(runbook or ""),
            "dashboard_url": literal(_link(plan, "dashboard") or plan.dashboard or ""),
        }
        if plan.estimate is not None:
            found |= journey_texts.blocked(plan, found["impact"])
        return {name: text for name, text in found.items() if text}

    def burn(self, plan: SloPlan, pair: AlertPair, factor: Fraction) -> dict[str, str]:
        """Summary and description of the alert of one window pair."""
        where = lost = ""
        if plan.estimate is not None:
            where, lost = journey_texts.where(plan, pair.long), journey_texts.lost_where(plan, pair.long)
        speed, share, rest = burn_texts(plan, pair, factor)
        return {
            "summary": f"{self.subject(plan)}: {speed}{where}",
            "description": f"{share}{lost}{rest}",
        }

    def absent(self, plan: SloPlan, lasts: Duration) -> dict[str, str]:
        """Summary and description of the alert on series that vanished."""
        return {
            "summary": f"{self.subject(plan)}: nothing is measured any more",
            "description": (
                f"The series that the SLO is measured by are gone for {lasts.canonical()} or more. This is not the "
                "same as no traffic: it no longer reports, or it was renamed, or the query no longer finds it. No "
                "other alert of this SLO can fire until they are back."
            ),
        }

    def subject(self, plan: SloPlan) -> str:
        """Title of the SLO, and which of its series it is about: `Basket answers (eu-1)`."""
        slo = plan.slo
        title = slo.title
        if title == slo.name == f"{name_of(slo.target)}-{slo.measures}":
            title = f"{self._catalog.title(slo.target)} {slo.measures}"
        text = literal(one_line(title))
        if not plan.grouping:
            return text
        return f"{text} (" + ", ".join(f"{{{{ $labels.{label} }}}}" for label in plan.grouping) + ")"

    def _first_step(self, target: str, runbook: str | None) -> str:
        title = one_line(self._catalog.title(target))
        steps = self._steps.get(target, ())
        if runbook:
            text = f"Follow the runbook: {runbook}"
        elif target in self._catalog.journeys:
            text = "Look at what the journey uses: it has no runbook of its own." if not steps else ""
        else:
            component = self._catalog.components.get(target)
            vendor = component.vendor if component else None
            text = f"There is no runbook for {title}. " + (
                f"See what {one_line(vendor)} says." if vendor else "Look at its last change, and at what it needs."
            )
        places: dict[str, list[str]] = defaultdict(list)
        for where, url in steps:
            places[url].append(where)
        told = [
            f"For customers at {listed(where[:_MOST_STEPS], len(where))}: {url}"
            for url, where in list(places.items())[:_MOST_STEPS]
        ]
        return literal("\n".join([*([text] if text else []), *told]))

    def _owner(self, target: str) -> str:
        catalog = self._catalog
        component, journey = catalog.components.get(target), catalog.journeys.get(target)
        subject = component or journey
        if subject is None:
            return ""
        if subject.owner:
            contacts = self._contacts(subject.owner)
            told = ", ".join(contacts) if contacts else "no contact is written down"
            return literal(f"{one_line(catalog.title(subject.owner))} ({told})")
        vendor = component.vendor if component else None
        whose = f"{one_line(vendor)} (vendor); n" if vendor else "N"
        return literal(f"{whose}o team is written down for {one_line(subject.title)}")

    def _contacts(self, team: str) -> list[str]:
        located = self._catalog.teams.get(team)
        contacts = located.entity.spec.contacts if located else ()
        return [f"{one_line(each.type)} {one_line(each.value)}" for each in contacts[:_MOST_NAMED]]

    def _upstream(self, target: str) -> str:
        """What it cannot work without, nearest first, and which of that has alerts at that moment."""
        component, journey = self._catalog.components.get(target), self._catalog.journeys.get(target)
        refs = self._neighbours.upstreams(target)
        if not refs:
            return ""
        direct = {ref for edge in component.edges if edge.is_hard for ref in edge.targets} if component else set()
        if journey is not None:
            direct = {ref for step in journey.steps for leg in step.legs for ref in leg_needs(self._catalog, leg)}
        nearest = chain((ref for ref in refs if ref in direct), (ref for ref in refs if ref not in direct))
        shown = []
        for ref in islice(nearest, _MOST_NAMED):
            if ref not in self._names:
                self._names[ref] = self._called(self._catalog.components[ref])
            shown.append(self._names[ref])
        # Names of entities have no character that means something in a regular expression.
        pattern = "|".join(self._neighbours.labels_of(refs[:LIST_LIMIT]))
        query = (
            f"query `count by ({names.COMPONENT}, {names.TEAM}) "
            f'(ALERTS{{alertstate="firing",{names.COMPONENT}=~"{pattern}"}})`'
        )
        each = f"{{{{ $s.Labels.{names.COMPONENT} }}}}{{{{ with $s.Labels.{names.TEAM} }}}} ({{{{ . }}}}){{{{ end }}}}"
        in_order = f'{{{{ range $i, $s := sortByLabel "{names.COMPONENT}" . }}}}'
        burning = f"{in_order}{{{{ if $i }}}}, {{{{ end }}}}{each}{{{{ end }}}}"
        what = literal(f"{one_line(self._catalog.title(target))} cannot work without {listed(shown, len(refs))}.")
        return (
            f"{what} {{{{ with {query} }}}}Alerts there now: {burning}.{{{{ else }}}}No alert there now.{{{{ end }}}}"
        )

    def _called(self, component: Component) -> str:
        """A component with whom to call about it."""
        title = one_line(component.title)
        if component.owner is None:
            return f"{title} ({one_line(component.vendor)})" if component.vendor else title
        contacts = self._contacts(component.owner)
        team = one_line(self._catalog.title(component.owner))
        return f"{title} ({team}, {contacts[0]})" if contacts else f"{title} ({team})"


def literal(text: str) -> str:
    """Text that a Go template prints as it stands."""
    return text.replace("{{", '{{ "{{" }}')


def one_line(text: str) -> str:
    """Text without line breaks, cut off where no line would hold it."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_TITLE else line[: _LONGEST_TITLE - 1].rstrip() + "…"


def listed(shown: Sequence[str], total: int) -> str:
    """Some of several things, as in `a, b and 3 more`."""
    words = [*shown, *([f"{total - len(shown)} more"] if total > len(shown) else [])]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


_ID = "\x00"
"""Stands for the identity of an SLO, which queries hold as it is, in texts made for many."""


@dataclass(frozen=True, slots=True)
class _Burn:
    """Alerts whose texts differ in nothing but the identity of the SLO, by one of them."""

    key: tuple[object, ...]
    plan: SloPlan = field(compare=False)
    pair: AlertPair = field(compare=False)
    factor: Fraction = field(compare=False)


def burn_texts(plan: SloPlan, pair: AlertPair, factor: Fraction) -> tuple[str, str, str]:
    """How fast the budget burns, how much was bad, and what else there is to tell of it."""
    key = (
        pair.long.milliseconds,
        pair.short.milliseconds,
        factor.as_integer_ratio(),
        plan.budget.as_integer_ratio(),
        _percent(plan),
        plan.period.milliseconds,
        plan.calendar and plan.calendar.unit,
        plan.grouping,
        plan.slices is None,
        plan.measurement.counts_time,
        plan.estimate is None,
        plan.naming.scheme.slo,
    )
    speed, share, rest = _burn_texts(_Burn(key, plan, pair, factor))
    this = plan.naming.id
    return speed.replace(_ID, this), share.replace(_ID, this), rest.replace(_ID, this)


@lru_cache(maxsize=1024)
def _burn_texts(burn: _Burn) -> tuple[str, str, str]:
    return burn_texts_of(replace(burn.plan, naming=replace(burn.plan.naming, id=_ID)), burn.pair, burn.factor)


def burn_texts_of(plan: SloPlan, pair: AlertPair, factor: Fraction) -> tuple[str, str, str]:
    """The same as `burn_texts`, made for this SLO alone."""
    long, short = pair.long.canonical(), pair.short.canonical()
    speed = '{{ $value | printf "%.1f" }}'
    over = f"a {plan.period_name}" if plan.calendar else plan.period_name
    spent = decimal_text(factor * pair.long.milliseconds / plan.period.milliseconds * 100)
    return (
        f"{speed} × budget{_gone_in(plan, pair)}",
        _bad_share(plan, pair.long),
        f"The error budget ({_percent(plan)} % over {over}) burns {speed} times "
        f"as fast as it may, in the last {long} and still in the last {short}.{_left(plan)} "
        f"This alert fires above {decimal_text(factor)} × budget: {spent} % of it within {long}.",
    )


def _steps_with_runbook(catalog: Catalog) -> dict[str, list[tuple[str, str]]]:
    """Component or journey → its steps that say what to do for customers, and where that is written."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for journey in catalog.journeys.values():
        for step in journey.steps:
            if not step.runbook:
                continue
            where = (f"“{one_line(step.title)}” of {one_line(journey.title)}", step.runbook)
            # Other legs than the first matter only once something else has failed.
            for ref in (journey.ref, *(step.legs[0].uses if step.legs else ())):
                found[ref].append(where)
    return found


def _link(plan: SloPlan, kind: str) -> str | None:
    """The SLO's own link of a type; an SLO within a component has those of the component."""
    links = plan.slo.entity.entity.metadata.links
    return next((link.url for link in links if link.type == kind), None)


def _percent(plan: SloPlan) -> str:
    return plan.info["objective"]


def _query(plan: SloPlan, expression: str) -> str | None:
    """A query within a template about the series of this alert; None where that cannot be told from the query.

    `THIS` in the expression stands for the matchers of the SLO and the alert's own group.
    """
    if plan.grouping is None:
        return None
    matchers = plan.naming.of
    if not plan.grouping:
        return "query `" + expression.replace("THIS", matchers) + "`"
    matchers += "".join(f",{label}=%[{index}]q" for index, label in enumerate(plan.grouping, 1))
    arguments = " ".join(f"$labels.{label}" for label in plan.grouping)
    return f"query (printf `{expression.replace('THIS', matchers)}` {arguments})"


def _gone_in(plan: SloPlan, pair: AlertPair) -> str:
    if plan.calendar is not None:
        return ""  # What is left of a period to date does not say what is left for the rest of the period.
    seconds = decimal_text(Fraction(plan.period.milliseconds, 1000))
    # Whole minutes: nobody acts on the seconds.
    query = _query(
        plan,
        f"clamp_min(round(({plan.naming.scheme.remaining}{{THIS}} > 0) * {seconds} "
        f"/ ignoring ({plan.naming.scheme.window}) "
        f"{plan.naming.burn(pair.long.canonical(), decimal_text(plan.budget), of='THIS')}, 60), 60)",
    )
    if query is None:
        return ""
    shown = f"{{{{ . | first | value | {_DURATION} }}}}"
    return f"{{{{ with {query} }}}}, gone in {shown}{{{{ else }}}}, all of it spent{{{{ end }}}}"


def _bad_share(plan: SloPlan, window: Duration) -> str:
    long = window.canonical()
    query = _query(plan, plan.naming.scheme.ratio.format(of="THIS", window=long))
    if query is None:
        return ""
    if plan.estimate is not None:
        what = "all attempts could not be completed, by this estimate"
        shown = "{{ . | first | value | humanizePercentage }}"
        return f"{{{{ with {query} }}}}In the last {long} {shown} of {what}. {{{{ end }}}}"
    if plan.slices is not None:
        what = "the slices of time were bad"
    else:
        what = "the time was bad" if plan.measurement.counts_time else "all events were bad"
    shown = "{{ . | first | value | humanizePercentage }}"
    return f"{{{{ with {query} }}}}In the last {long} {shown} of {what}. {{{{ end }}}}"


def _left(plan: SloPlan) -> str:
    query = _query(plan, f"{plan.naming.scheme.remaining}{{THIS}}")
    if query is None:
        return ""
    shown = "{{ . | first | value | humanizePercentage }}"
    overspent = "All of the budget is spent, and more."
    some = f"{shown} of the budget is left."
    told = f"{{{{ if lt (. | first | value) 0.0 }}}}{overspent}{{{{ else }}}}{some}{{{{ end }}}}"
    return f"{{{{ with {query} }}}} {told}{{{{ end }}}}"
