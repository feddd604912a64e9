"""Numbers with a unit: exact decimals, percentages, shares and durations."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache, total_ordering
from typing import Annotated, Any, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema


def _decimal(value: object) -> Decimal:
    """Reads a number exactly. Text is refused: a quoted number is most often a slip."""
    kind = type(value)
    if kind is Decimal:
        number: Decimal = value  # type: ignore[assignment]
    elif kind is int:
        number = Decimal(value)  # type: ignore[arg-type]
    elif kind is float:
        number = Decimal(repr(value))
    else:
        raise PydanticCustomError("number_type", "a number is expected here")
    if not number.is_finite():
        raise PydanticCustomError("number_finite", "a finite number is expected here")
    return number


def _bounded(
    *, above: int | None = None, at_least: int | None = None, below: int | None = None, at_most: int | None = None
) -> Callable[[object], Decimal]:
    words = " and ".join(
        text
        for bound, text in (
            (above, f"greater than {above}"),
            (at_least, f"at least {at_least}"),
            (below, f"less than {below}"),
            (at_most, f"at most {at_most}"),
        )
        if bound is not None
    )

    def check(value: object) -> Decimal:
        number = _decimal(value)
        if (
            (above is not None and number <= above)
            or (at_least is not None and number < at_least)
            or (below is not None and number >= below)
            or (at_most is not None and number > at_most)
        ):
            raise PydanticCustomError("number_range", "the number must be {words}", {"words": words})
        return number

    return check


def _number(schema: dict[str, Any], **bounds: int | None) -> Any:
    """An exact decimal within bounds, told to pydantic and to JSON Schema in the same words."""
    return Annotated[
        Decimal,
        _PlainNumber(_bounded(**bounds)),
        WithJsonSchema({"type": "number", **schema}),
    ]


class _PlainNumber:
    """Replaces pydantic's own reading of Decimal, which would take text and lose nothing else."""

    def __init__(self, check: Callable[[object], Decimal]) -> None:
        self._check = check

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._check,
            serialization=core_schema.plain_serializer_function_ser_schema(float, when_used="json"),
        )


Percent = _number({"exclusiveMinimum": 0, "exclusiveMaximum": 100}, above=0, below=100)
"""An objective in percent as written, 0 < x < 100, exact to the last digit."""
Share = _number({"minimum": 0, "maximum": 1}, at_least=0, at_most=1)
"""A part of a whole, 0 to 1."""
Positive = _number({"exclusiveMinimum": 0}, above=0)
"""A number above 0."""
NonNegative = _number({"minimum": 0}, at_least=0)
"""0 or a number above it."""


_UNITS_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_MOST_DIGITS = 12
"""More than any length of time needs; every duration fits into a double."""
_PIECES = "".join(f"([0-9]{{1,{_MOST_DIGITS}}}{unit})?" for unit in ("w", "d", "h", "m", "s", "ms"))
_DURATION = re.compile(_PIECES)
_PIECE = re.compile(r"([0-9]+)(ms|[smhdw])")
DURATION_PATTERN = rf"^(?=[0-9]){_PIECES}$"


@lru_cache(maxsize=4096)
def _canonical(milliseconds: int) -> str:
    rest = milliseconds
    if rest == 0:
        return "0s"
    pieces = []
    for unit in ("d", "h", "m", "s", "ms"):
        count, rest = divmod(rest, _UNITS_MS[unit])
        if count:
            pieces.append(f"{count}{unit}")
    return "".join(pieces)


@total_ordering
class Duration:
    """A length of time as Prometheus writes it (`30d`, `1h30m`, `500ms`), exact to the millisecond.

    Equal durations compare equal however they were written; `str()` gives the text as written.
    """

    __slots__ = ("_text", "milliseconds")

    def __init__(self, milliseconds: int, text: str | None = None) -> None:
        self.milliseconds = milliseconds
        self._text = text

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a duration; raises ValueError where the text is not one."""
        return cls(_milliseconds(text), text)

    @classmethod
    def of_seconds(cls, seconds: float) -> Self:
        """The duration of so many seconds, rounded to the millisecond."""
        return cls(round(seconds * 1000))

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.milliseconds / 1000

    def __str__(self) -> str:
        return self._text if self._text is not None else self.canonical()

    def canonical(self) -> str:
        """The shortest text with whole units, largest first; weeks are written as days (`7d`), as in rule names."""
        return _canonical(self.milliseconds)

    def __repr__(self) -> str:
        return f"Duration({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Duration) and other.milliseconds == self.milliseconds

    def __lt__(self, other: "Duration") -> bool:
        return self.milliseconds < other.milliseconds

    def __hash__(self) -> int:
        return hash(self.milliseconds)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._validate, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": DURATION_PATTERN, "examples": ["30s", "15m", "4h", "1h30m", "30d"]}

    @classmethod
    def _validate(cls, value: object) -> "Duration":
        if isinstance(value, Duration):
            return value
        if type(value) is not str:
            raise PydanticCustomError("duration_type", "a duration with its unit is expected here")
        try:
            return _parse_duration(value)
        except ValueError as error:
            raise PydanticCustomError("duration_parsing", "{text} is not a duration", {"text": repr(value)}) from error


class _PositiveDuration:
    """Refuses a duration of zero where nothing of that length can be meant."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": "string",
            "pattern": DURATION_PATTERN.replace("^", "^(?=.*[1-9])", 1),
            "examples": ["15m", "4h", "30d"],
        }

    @staticmethod
    def _check(value: Duration) -> Duration:
        if value.milliseconds == 0:
            raise PydanticCustomError("duration_zero", "the duration must be longer than zero")
        return value


PositiveDuration = Annotated[Duration, _PositiveDuration()]


@lru_cache(maxsize=4096)
def _parse_duration(text: str) -> Duration:
    return Duration(_milliseconds(text), text)


def _milliseconds(text: str) -> int:
    if not text or not _DURATION.fullmatch(text):
        raise ValueError(f"not a duration: {text!r}")
    return sum(int(count) * _UNITS_MS[unit] for count, unit in _PIECE.findall(text))
