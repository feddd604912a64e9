"""Values of an Indicator's parameters: which there are, and whether they are what their types ask for."""

from collections.abc import Mapping
from dataclasses import dataclass

from servicescape.compile.template import DURATION, METRIC_NAME, NUMBER, QueryError, regex_fault
from servicescape.model.slo import Parameter

_WINDOW = "window"
_WANTED = {
    "number": (NUMBER, "a number"),
    "duration": (DURATION, "a duration with its unit, such as `5m`"),
    "name": (METRIC_NAME, "the name of a metric or label"),
}


class ParameterError(QueryError):
    """A value that its parameter cannot take."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.name = name


@dataclass(frozen=True, slots=True)
class Values:
    """What placeholders are filled with."""

    by_name: Mapping[str, str]
    texts: frozenset[str] = frozenset()
    """Parameters whose values match themselves alone, also within a regular expression."""


def arguments(params: Mapping[str, Parameter], given: Mapping[str, str], indicator: str, own: dict[str, str]) -> Values:
    """Values of all parameters, beside the tool's own; raises QueryError where they do not fit."""
    if _WINDOW in params:
        raise QueryError(f"indicator `{indicator}` calls a parameter `window`, which is the name of the range")
    unknown = sorted(given.keys() - params.keys())
    if unknown:
        raise QueryError(f"indicator `{indicator}` has no parameter `{unknown[0]}`")
    values = dict(own)
    for name, parameter in params.items():
        value = given.get(name, parameter.default)
        if value is None:
            raise QueryError(f"indicator `{indicator}` needs a value for `{name}`")
        check_type(name, parameter, value)
        values[name] = value
    return Values(values, texts_of(params))


def texts_of(params: Mapping[str, Parameter]) -> frozenset[str]:
    """Names of the parameters that are plain text."""
    return frozenset(name for name, parameter in params.items() if parameter.type == "text")


def check_type(name: str, parameter: Parameter, value: str) -> None:
    """Raises ParameterError where a value is not what its parameter's type asks for."""
    kind = parameter.type
    if kind == "regex":
        fault = regex_fault(value)
        if fault:
            raise ParameterError(name, f"parameter `{name}` must be a regular expression, not {value!r}: {fault}")
    elif kind is not None and kind != "text":
        form, wanted = _WANTED[kind]
        if not form.fullmatch(value):
            raise ParameterError(name, f"parameter `{name}` must be {wanted}, not {value!r}")
