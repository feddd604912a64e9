"""JSON Schemas of the language, made from the typed model: one a kind, and one for a whole file.

They are checked in under `schemas/`, and a test holds them against the model. Draft 2020-12 is the standard form;
draft-07 is for editors that know no other.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from servicescape.model.entity import API_VERSION, Entity
from servicescape.model.kinds import KINDS
from servicescape.model.names import REFERENCE_KEYWORD

Schema = dict[str, Any]

DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema"
DRAFT_07 = "http://json-schema.org/draft-07/schema#"
WHOLE_FILE = "servicescape"
"""Name of the schema that takes any kind."""


def kind_schema(kind: str) -> Schema:
    """The schema of one kind's documents."""
    return _finished(_raw(KINDS[kind]), kind, f"A {kind} of a Servicescape catalog. {_purpose(KINDS[kind])}")


def file_schema() -> Schema:
    """The schema of any document: the kind decides which rules hold, so that an error speaks of one kind only."""
    definitions: Schema = {}
    branches = []
    for name, model in KINDS.items():
        schema = _raw(model)
        definitions.update(schema.pop("$defs", {}))
        definitions[name] = schema
        branches.append(
            {
                "if": {"properties": {"kind": {"const": name}}, "required": ["kind"]},
                "then": {"$ref": f"#/$defs/{name}"},
            }
        )
    whole: Schema = {
        "type": "object",
        "required": ["apiVersion", "kind", "metadata"],
        "properties": {
            "apiVersion": {"const": API_VERSION, "description": "Version of the catalog language."},
            "kind": {
                "enum": list(KINDS),
                "enumDescriptions": [_purpose(model) for model in KINDS.values()],
                "description": "What the document describes.",
            },
        },
        "allOf": branches,
        "defaultSnippets": [_snippet(name) for name in KINDS],
        "$defs": definitions,
    }
    return _finished(whole, "Servicescape catalog", "A document of a Servicescape catalog, of whatever kind.")


def live_schema(schema: Schema, names_of: Callable[[tuple[str, ...]], Iterable[str]]) -> Schema:
    """The schema with every reference limited to names that exist, so that an editor can complete them.

    `names_of` gives what may be written for a reference to any of some kinds.
    """

    def limit(node: Schema) -> Schema:
        kinds = node.get(REFERENCE_KEYWORD)
        if kinds is None:
            return node
        names = sorted(set(names_of(tuple(kinds))))
        return {**node, "enum": names} if names else node

    return _mapped(schema, limit)


def as_draft_07(schema: Schema) -> Schema:
    """The same schema in the words of draft-07."""

    def translate(node: Schema) -> Schema:
        out: Schema = {}
        for key, value in node.items():
            if key == "$defs":
                out["definitions"] = value
            elif key in ("dependentRequired", "dependentSchemas"):
                out.setdefault("dependencies", {}).update(value)
            elif key == "$ref":
                out["$ref"] = value.replace("#/$defs/", "#/definitions/")
            elif key == "$schema":
                out["$schema"] = DRAFT_07
            else:
                out[key] = value
        if "$ref" in out and len(out) > 1:
            # Beside a `$ref`, draft-07 ignores everything else.
            out["allOf"] = [{"$ref": out.pop("$ref")}, *out.get("allOf", [])]
        return out

    return _mapped(schema, translate)


def _raw(model: type[Entity]) -> Schema:
    schema = model.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
    schema.pop("description", None)
    return schema


def _finished(schema: Schema, title: str, description: str) -> Schema:
    body = _mapped(schema, _tidy)
    return {"$schema": DRAFT_2020_12, "title": title, "description": description, **body}


def _purpose(model: type[Entity]) -> str:
    return (model.__doc__ or "").partition("\n")[0]


_BY_NAME = ("properties", "patternProperties", "$defs", "dependentSchemas")
"""Keywords whose value is a mapping of names to schemas, and no schema itself: a property may be called `default`."""
_NO_SCHEMA = ("default", "examples", "enum", "const", "defaultSnippets", "dependentRequired")


def _mapped(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """The schema with `change` applied to each subschema, innermost first."""
    return change({key: _mapped_value(key, value, change) for key, value in schema.items()})


def _mapped_value(keyword: str, value: Any, change: Callable[[Schema], Schema]) -> Any:
    if keyword in _NO_SCHEMA:
        return value
    if isinstance(value, dict):
        if keyword in _BY_NAME:
            return {name: _mapped(item, change) for name, item in value.items()}
        return _mapped(value, change)
    if isinstance(value, list):
        return [_mapped(item, change) if isinstance(item, dict) else item for item in value]
    return value


_WORDS: Mapping[str, str] = {
    # Dependency.kind
    "hard": "Without it the dependent is down.",
    "soft": "Without it the dependent is degraded.",
    # component states
    "ok": "Works as it should.",
    "degraded": "Works, but worse than it should.",
    "down": "Does not work.",
    # journey states
    "fallback": "Done on another way than the first.",
    "blocked": "Cannot be done at all.",
    # lifecycle
    "planned": "Not built yet.",
    "experimental": "Being tried; may go away.",
    "production": "In use, and kept.",
    "deprecated": "In use, and on its way out.",
    "retired": "No longer in use.",
    # measures
    "availability": "Whether requests are answered without error.",
    "latency": "Whether they are answered fast enough.",
    "freshness": "Whether data is recent enough.",
    "correctness": "Whether answers are right.",
    "quality": "Whether answers are as good as they should be, and not a reduced version.",
    # scope
    "total": "As callers see it, dependencies included.",
    "own": "Its own failures only.",
    # channel mode
    "self-service": "The customer does it alone.",
    "assisted": "A bot, guided steps or co-browsing.",
    "live": "A person.",
    # leg.offered
    "automatic": "The step moves the customer over.",
    "offered": "A button or a call-back.",
    "found": "The customer must find it.",
    # calendar
    "week": "Monday to Sunday.",
    "month": "From the first of the month.",
    "quarter": "From the first of January, April, July or October.",
    # type of a parameter
    "text": "Any text; it matches itself alone, also within a regular expression.",
    "regex": "A regular expression.",
    "number": "A number.",
    "duration": "A duration, such as `5m`.",
    "name": "The name of a metric or label.",
    # alerts
    "off": "No alerts of this severity.",
    "occurrences": "The budget counts events.",
    # view
    "domain": "By business area.",
    "owner": "By owning team.",
    "platform": "By the platform they run on.",
    "vendor": "By the vendor of externals.",
    "zone": "By the label `zone`, or `topology.kubernetes.io/zone`.",
    "none": "No boxes.",
    "tier": "By how critical they are.",
    "lifecycle": "By where they stand in their life.",
    "slo": "By whether they promise anything.",
    "state": "By their state in the view's scenario.",
    "LR": "From left to right.",
    "TB": "From top to bottom.",
    "RL": "From right to left.",
    "BT": "From bottom to top.",
    # kinds that can fail
    "Service": "A deployable part.",
    "Platform": "What a team runs for others to build on.",
    "External": "Somebody else's part.",
}
"""What each word of a choice means; a word means the same wherever it stands."""


def _tidy(node: Schema) -> Schema:
    """Describes choices one by one, and leaves out defaults that say nothing (`null`, empty mappings)."""
    if isinstance(node.get("default", ""), dict) or ("default" in node and node["default"] is None):
        node = {key: value for key, value in node.items() if key != "default"}
    if "patternProperties" in node and "properties" not in node:
        # A mapping whose keys have a form: other keys are refused.
        node = {**node, "additionalProperties": False}
    words = node.get("enum")
    if isinstance(words, list) and "enumDescriptions" not in node and REFERENCE_KEYWORD not in node:
        return {**node, "enumDescriptions": [_WORDS[word] for word in words]}
    return node


_SNIPPETS: Mapping[str, Schema] = {
    "Team": {"contacts": [{"type": "slack", "value": "$2"}]},
    "Domain": {"owner": "$2"},
    "Platform": {"owner": "$2", "tier": "${3:1}"},
    "Service": {"owner": "$2", "platform": "$3", "tier": "${4:2}", "dependsOn": ["$5"]},
    "External": {"vendor": "$2", "sla": "${3:99.9}"},
    "SLO": {
        "for": "$2",
        "objective": "${3:99.9}",
        "indicator": {"use": "$4", "with": {"$5": "$6"}},
    },
    "Indicator": {
        "params": {"job": {"description": "$2"}},
        "ratio": {"bad": "$3", "total": "$4"},
    },
    "Channel": {"mode": "${2|self-service,assisted,live|}", "runsOn": ["$3"]},
    "Journey": {"owner": "$2", "steps": [{"name": "$3", "legs": [{"channel": "$4", "uses": ["$5"]}]}]},
    "Scenario": {"fail": ["$2"], "lasts": "${3:1h}"},
    "View": {"include": [{"domain": "$2"}]},
}


def _snippet(kind: str) -> Schema:
    return {
        "label": kind,
        "description": _purpose(KINDS[kind]),
        "body": {
            "apiVersion": API_VERSION,
            "kind": kind,
            "metadata": {"name": "$1"},
            "spec": _SNIPPETS[kind],
        },
    }
