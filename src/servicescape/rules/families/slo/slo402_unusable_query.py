"""SLO402: a query that Prometheus, or the rules made from it, cannot use."""

import re
from collections.abc import Iterator

from servicescape.bind.located import Located
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.objective import Slo
from servicescape.compile.indicator import measure
from servicescape.compile.parameters import ParameterError, check_type, texts_of
from servicescape.compile.promql import read_query
from servicescape.compile.template import QueryError, fill
from servicescape.diagnostics import Diagnostic, Severity, Span
from servicescape.model.slo import Indicator, Parameter
from servicescape.rules.families.slo.queries import WINDOW, QueryText, all_queries, arguments
from servicescape.rules.rule import Rule, RuleContext

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_WORD = re.compile(r"[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*-[a-z0-9]+")

_SAMPLES = {"number": "1", "duration": "5m"}
"""Stand in for parameters without a default, by their types; `x` is a name, a regular expression and a text at once."""


class UnusableQuery(Rule):
    """A query is not PromQL, or its parts do not fit together, so that no rules can be made from it.

    ## Why it matters

    Prometheus loads a rule file whole or not at all: one query that it cannot read takes the alerts of all others in
    the file with it. And where bad events are counted by other labels than all events, no series of one finds its
    match in the other, so that the SLO is silent for ever.

    ## Example

    ```yaml
    indicator:
      ratio:
        bad: sum by (region) (rate(errors_total[{{window}}])     # a bracket is missing
        total: sum(rate(requests_total[{{window}}]))             # and here the regions are gone
    ```

    ## What to do

    Try the query in Prometheus with a real range, such as `[5m]`, instead of `[{{window}}]`. Let both queries of a
    ratio group by the same labels.
    """

    code = "SLO402"
    name = "unusable-query"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each query that cannot be read; else one for each SLO whose queries do not fit together."""
        faulty: set[str] = set()
        for located in catalog.indicators.values():
            for name, parameter in located.entity.spec.params.items():
                fault = _fault_of_default(name, parameter)
                if fault is not None:
                    faulty.add(located.ref)
                    yield self._bad_default(located, name, fault)
        for query in all_queries(catalog):
            if query.needs_window and not any(name == WINDOW for name, _, _ in query.placeholders()):
                faulty.add(query.located.ref)  # SLO401 says so
                continue
            if any(True for _ in query.undeclared()):
                faulty.add(query.located.ref)  # SLO405 says so
                continue
            reason = _fault_of(query)
            if reason is not None:
                faulty.add(query.located.ref)
                yield self._finding(query, reason)
        usable: set[tuple[object, ...]] = set()
        for slo in catalog.slos.values():
            source = slo.entity.ref if slo.indicator is None else slo.indicator.ref
            given = arguments(slo)
            if source in faulty or given.unknown or given.missing or (slo.sli.use and slo.indicator is None):
                continue
            if slo.indicator is not None and WINDOW in slo.indicator.entity.spec.params:
                continue  # SLO411 says so
            shape = (source, *sorted((name, _shape(value)) for name, value in slo.sli.with_.items()))
            if slo.indicator is not None and shape in usable:
                continue
            try:
                measure(slo)
            except QueryError as error:
                name = error.name if isinstance(error, ParameterError) else ""
                if name and slo.indicator is not None and name not in slo.sli.with_:
                    continue  # the default is at fault, and is reported where it stands
                yield self._unfitting(slo, str(error), name)
            else:
                usable.add(shape)

    def _bad_default(self, located: Located[Indicator], name: str, reason: str) -> Diagnostic:
        return Diagnostic(
            code=self.code,
            message=f"the default cannot be used: {reason}",
            file=located.file,
            span=located.places.value_span(("spec", "params", name, "default")),
            label=f"not of the type `{located.entity.spec.params[name].type}`",
            help="change the default, or the type",
            entity=located.ref,
        )

    def _finding(self, query: QueryText, reason: str) -> Diagnostic:
        places = query.located.places
        return Diagnostic(
            code=self.code,
            message=f"`{query.key}` cannot be used: {reason}",
            file=query.located.file,
            span=_one_line(places.value_span(query.path), places.key_span(query.path)),
            label="not a query that Prometheus reads",
            help="try it in Prometheus with a real range, such as `[5m]`, instead of `[{{window}}]`",
            entity=query.located.ref,
        )

    def _unfitting(self, slo: Slo, reason: str, parameter: str) -> Diagnostic:
        places = slo.entity.places
        path = (*slo.path, "indicator", "with") if slo.sli.with_ else (*slo.path, "indicator")
        if parameter:
            path = (*path, parameter)
        return Diagnostic(
            code=self.code,
            message=f"the queries of `{slo.name}` cannot be used: {reason}",
            file=slo.entity.file,
            span=places.key_span(path),
            label="no rules can be made from this",
            help="change the value" if slo.sli.with_ else "let both queries count the same things, by the same labels",
            entity=slo.ref,
        )


def _shape(value: str) -> str:
    """The same for values that are filled in alike: names, and words with dashes; others stand for themselves."""
    if _NAME.fullmatch(value):
        return "x"
    return "x-x" if _WORD.fullmatch(value) else value


def _fault_of_default(name: str, parameter: Parameter) -> str | None:
    if parameter.default is not None:
        try:
            check_type(name, parameter, parameter.default)
        except QueryError as error:
            return str(error)
    return None


def _fault_of(query: QueryText) -> str | None:
    if not query.is_promql:
        return None
    values = {name: _sample(parameter) for name, parameter in query.params.items()} | {WINDOW: "5m"}
    try:
        read_query(fill(query.text, values, texts_of(query.params)))
    except QueryError as error:
        return str(error)
    return None


def _sample(parameter: Parameter) -> str:
    return parameter.default if parameter.default is not None else _SAMPLES.get(parameter.type or "", "x")


def _one_line(value: Span, key: Span) -> Span:
    return value if value.start.line == value.end.line else key
