"""What every part of the language has in common: frozen, strict, camelCase outside and snake_case inside."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, Discriminator, GetCoreSchemaHandler
from pydantic.alias_generators import to_camel
from pydantic.config import JsonDict
from pydantic_core import CoreSchema

AUTHORS_OWN = "x-"
"""Keys with this prefix belong to the author: accepted everywhere, carried through, never interpreted."""


def _allow_authors_keys(schema: JsonDict, part: type[Any]) -> None:
    schema["patternProperties"] = {f"^{AUTHORS_OWN}": {}}
    schema.pop("title", None)
    properties = schema.get("properties")
    if isinstance(properties, dict):
        for value in properties.values():
            if isinstance(value, dict):
                value.pop("title", None)
    from servicescape.model.docstrings import describe_properties

    describe_properties(schema, part)


def _refuse_null(schema: Any) -> None:
    """Opens the frames around a model's fields, and takes the permission of null off each field."""
    if schema["type"] != "model-fields":
        if "schema" in schema:
            _refuse_null(schema["schema"])
        return
    for field in schema["fields"].values():
        frame = field
        while "schema" in frame and frame["type"] in ("model-field", "default"):
            if frame["schema"]["type"] == "nullable":
                frame["schema"] = frame["schema"]["schema"]
            frame = frame["schema"]


class Part(BaseModel):
    """A mapping of the language. Unknown keys are errors, values are never coerced to another type."""

    model_config = ConfigDict(
        frozen=True,
        # A class is compiled when something is read with it, not when it is imported: no command reads every kind.
        defer_build=True,
        extra="forbid",
        strict=True,
        alias_generator=to_camel,
        validate_by_name=False,
        validate_by_alias=True,
        json_schema_extra=_allow_authors_keys,
        ser_json_inf_nan="constants",
    )

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Takes `| None` for "may be left out" only: a key that is written needs a value."""
        schema = handler(source)
        _refuse_null(schema)
        return schema


class SchemaShape:
    """Adds a constraint between keys (one of several, all or none) to a part's JSON Schema.

    The same constraint is enforced by the part's own validator; a test holds the two against each other.
    """

    def __init__(self, **keywords: Any) -> None:
        self._keywords = keywords

    def __call__(self, schema: JsonDict, part: type[Any]) -> None:
        """Changes the schema in place, as pydantic's `json_schema_extra` wants it."""
        _allow_authors_keys(schema, part)
        schema.update(self._keywords)


def at_least_one(keys: Iterable[str]) -> JsonDict:
    """The JSON Schema of a mapping that needs one of these keys; the author's own do not count."""
    return {"anyOf": [{"required": [key]} for key in keys]}


def _text_or_mapping(value: Any) -> str | None:
    if isinstance(value, dict | Part):
        return "mapping"
    return "text" if value is not None and not isinstance(value, list | tuple) else None


TEXT_OR_MAPPING = Discriminator(_text_or_mapping)
"""Tells the two forms of a value apart by looking, so that an error speaks only of the form that was meant.

The branches of the union carry `Tag("text")` and `Tag("mapping")`.
"""
