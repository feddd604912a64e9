"""The queries of an objective or an Indicator, and the parameters in them. Shared by the rules beside this file."""

import re
from collections.abc import Iterator, Mapping

from servicescape.bind.located import Located, Path
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.objective import Slo
from servicescape.diagnostics import nearest
from servicescape.diagnostics.records import record
from servicescape.model.entity import Entity
from servicescape.model.names import LIBRARY_NAMESPACE
from servicescape.model.slo import Parameter, Query, Sli

WINDOW = "window"
"""The parameter that every query has: the range over which it is asked."""

_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
_COMMENT_OR_STRING = re.compile(
    r"""(?P<comment>\#[^\n]*)|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[^`]*`""",
    re.DOTALL,
)


@record()
class QueryText:
    """One query, or one text in which parameters are filled in."""

    located: Located[Entity]
    path: Path
    text: str
    key: str
    """The key that it stands under, for messages."""
    needs_window: bool
    params: Mapping[str, Parameter]
    """Parameters that may stand in it, besides the window."""
    in_indicator: bool

    @property
    def is_promql(self) -> bool:
        """Whether it is a query; otherwise the value of a label, the name of a histogram or a threshold."""
        return "latency" not in self.path

    def placeholders(self) -> Iterator[tuple[str, int, int]]:
        """Name, start and end of every `{{name}}`; what stands in comments does not count."""
        comments = [
            match.span()
            for match in (_COMMENT_OR_STRING.finditer(self.text) if "#" in self.text else ())
            if match["comment"] and self.is_promql
        ]
        for match in _PLACEHOLDER.finditer(self.text):
            if not any(start <= match.start() < end for start, end in comments):
                yield match[1], match.start(), match.end()

    def undeclared(self) -> Iterator[tuple[str, int, int, str | None]]:
        """Every placeholder that nothing fills in, with the parameter that is most likely meant."""
        known = (*self.params, WINDOW)
        for name, start, end in self.placeholders():
            if name not in known:
                yield name, start, end, nearest(name, known)


def all_queries(catalog: Catalog) -> Iterator[QueryText]:
    """All queries of the catalog: those of Indicators, and those that an SLO has of its own."""
    for located in catalog.indicators.values():
        yield from indicator_queries(located)
    for slo in catalog.slos.values():
        if slo.sli.use is None:
            yield from _texts(slo.sli, slo.entity, (*slo.path, "indicator"), {}, in_indicator=False)


def indicator_queries(located: Located[Entity]) -> Iterator[QueryText]:
    """The queries of one Indicator."""
    spec = located.entity.spec  # type: ignore[attr-defined]
    yield from _texts(spec, located, ("spec",), spec.params, in_indicator=True)


def _texts(
    query: Query | Sli, located: Located[Entity], path: Path, params: Mapping[str, Parameter], *, in_indicator: bool
) -> Iterator[QueryText]:
    def text(value: str, *below: str, needs_window: bool) -> QueryText:
        return QueryText(located, (*path, *below), value, below[-1], needs_window, params, in_indicator)

    if query.ratio is not None:
        for key in ("bad", "good", "total"):
            value = getattr(query.ratio, key)
            if value is not None:
                yield text(value, "ratio", key, needs_window=True)
    elif query.error_ratio is not None:
        yield text(query.error_ratio, "errorRatio", needs_window=True)
    elif query.gauge is not None:
        yield text(query.gauge, "gauge", needs_window=False)
    elif query.latency is not None:
        if "{{" in query.latency.histogram:
            yield text(query.latency.histogram, "latency", "histogram", needs_window=False)
        if isinstance(query.latency.below, str):
            yield text(query.latency.below, "latency", "below", needs_window=False)
        for key, value in query.latency.matchers.items():
            yield text(value, "latency", "matchers", key, needs_window=False)


def is_in_library(indicator: Located[Entity]) -> bool:
    """Whether an Indicator comes with the tool, so that no file of the catalog can be shown for it."""
    return indicator.key[1] == LIBRARY_NAMESPACE


@record()
class Arguments:
    """How the parameters that an SLO gives compare to those that its Indicator has."""

    unknown: tuple[tuple[str, str | None], ...]
    """Names that the Indicator does not have, each with the one most likely meant."""
    missing: tuple[str, ...]
    """Names without a value, except those that an unknown name is most likely a misspelling of."""


def arguments(slo: Slo) -> Arguments:
    """Compares them; nothing is unknown or missing where the SLO uses no Indicator, or one that is not defined."""
    if slo.indicator is None:
        return Arguments((), ())
    params, given = slo.indicator.entity.spec.params, slo.sli.with_
    open_names = [name for name in params if name not in given]
    missing = [name for name in open_names if params[name].default is None]
    unknown = []
    for name in given:
        if name not in params:
            unknown.append((name, nearest(name, missing) or nearest(name, open_names)))
    meant = {close for _, close in unknown}
    return Arguments(tuple(unknown), tuple(name for name in missing if name not in meant))
