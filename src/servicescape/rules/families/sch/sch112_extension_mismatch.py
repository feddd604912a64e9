"""SCH112: an extension that does not fit the organisation's own schema."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from servicescape.bind.located import Path
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.diagnostics.errors import ToolError
from servicescape.rules.rule import Rule, RuleContext


class ExtensionMismatch(Rule):
    """An extension does not fit the organisation's schema for it.

    ## Why it matters

    Whoever reads the extension, a script or a report, relies on the schema in `schemas/extensions/NAME.json`. What
    does not fit is misread there, or left out.

    ## Example

    ```yaml
    spec:
      owner: storefront
      extensions:
        compliance: {pci: "yes"}       # the schema wants true or false
    ```

    ## What to do

    Correct the value as the finding says. Where the value is right and the schema too narrow, widen the schema.
    """

    code = "SCH112"
    name = "extension-mismatch"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """A finding for each place of an extension that its schema refuses."""
        if not context.extension_schemas:
            return

        @cache
        def validator(name: str) -> Any:
            return _validator(name, context.extension_schemas[name])

        for ref, located in catalog.entities.items():
            extensions: dict[str, Any] = getattr(getattr(located.entity, "spec", None), "extensions", {})
            for name in extensions:
                if name not in context.extension_schemas:
                    continue
                for path, message, at_key in _faults(name, validator(name), extensions[name]):
                    place: Path = ("spec", "extensions", name, *path)
                    span = (located.places.key_span if at_key else located.places.value_span)(place)
                    yield Diagnostic(
                        code=self.code,
                        message=message,
                        file=located.file,
                        span=span if span.start.line == span.end.line else located.places.key_span(place),
                        label=f"the schema of `{name}` does not allow this",
                        help=f"see schemas/extensions/{name}.json",
                        entity=ref,
                    )


def _validator(name: str, schema: Any) -> Any:
    import jsonschema

    validator: Any = jsonschema.Draft202012Validator
    if isinstance(schema, dict):
        validator = jsonschema.validators.validator_for(schema, default=validator)
    try:
        validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        raise _unusable(name, error.message) from error
    return validator(schema, format_checker=validator.FORMAT_CHECKER)


def _unusable(name: str, reason: str) -> ToolError:
    return ToolError(f"schemas/extensions/{name}.json is not a usable JSON Schema: {reason}", "mend or remove the file")


def _faults(name: str, validator: Any, value: Any) -> Iterator[tuple[Path, str, bool]]:
    """Path, message, and whether the key is the place, of what a schema refuses, in the order of the value."""
    from referencing.exceptions import Unresolvable

    try:
        errors = list(validator.iter_errors(_plain(value)))
    except Unresolvable as unresolvable:
        raise _unusable(name, str(unresolvable)) from unresolvable
    errors.sort(key=lambda error: [str(step) for step in error.absolute_path])
    for error in errors:
        path: Path = tuple(error.absolute_path)
        if error.validator == "additionalProperties" and isinstance(error.instance, dict):
            known = error.schema.get("properties", {})
            patterns = error.schema.get("patternProperties")
            if error.validator_value is False and not patterns:
                for key in error.instance:
                    if key not in known:
                        yield (*path, key), f"unknown key `{key}`{_within(path)}", True
                continue
        if error.validator == "required":
            missing = next(
                key for key in error.validator_value if key not in error.instance and repr(key) in error.message
            )
            yield path, f"`{missing}` is missing{_within(path)}", True
            continue
        yield path, _words(error), False


def _words(error: Any) -> str:
    """What a schema refuses, for people who do not speak JSON Schema."""
    shown = _shown(error.instance)
    wanted = error.validator_value
    if error.validator == "type":
        types = wanted if isinstance(wanted, list) else [wanted]
        return f"{shown} should be {' or '.join(_TYPES.get(each, str(each)) for each in types)}"
    if error.validator == "enum":
        return f"{shown} should be one of {', '.join(_shown(each) for each in wanted)}"
    if error.validator == "const":
        return f"{shown} should be {_shown(wanted)}"
    if error.validator == "pattern":
        return f"{shown} does not have the form `{wanted}`"
    if error.validator == "format":
        return f"{shown} is not of the form `{wanted}`"
    if error.validator in _LIMITS:
        return f"{shown} should be {_LIMITS[error.validator]} {wanted}"
    if error.validator in ("anyOf", "oneOf"):
        return f"{shown} has none of the forms that the schema allows"
    return str(error.message)


_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "array": "a list",
    "object": "a mapping",
    "null": "empty",
}
_LIMITS = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "greater than",
    "exclusiveMaximum": "less than",
}


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "this mapping"
    if isinstance(value, list):
        return "this list"
    if value is None:
        return "an empty value"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def _within(path: Path) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return f" in `{text}`" if text else ""


def _plain(value: Any) -> Any:
    """The value in the types that JSON Schema knows."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
