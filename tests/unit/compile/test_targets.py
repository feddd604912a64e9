"""Rules in the forms that other rulers take. Shapes are those that the projects document; unknown keys are refused."""

import re
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from servicescape.compile.options import CompileOptions
from servicescape.compile.prometheus import CompiledRules, compile_prometheus
from servicescape.compile.promql import check_composed
from servicescape.compile.targets.kubernetes import LONGEST_NAME, resource_name
from servicescape.model.settings import CompileSettings
from tests.support.slo_catalogs import catalog, component, journey, slo

TARGETS = ("prometheus", "operator", "mimir", "thanos", "victoriametrics")
DURATION = r"^(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$"
TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
RULE = {
    "type": "object",
    "oneOf": [{"required": ["record", "expr"]}, {"required": ["alert", "expr"]}],
    "properties": {
        "record": {"type": "string", "pattern": "^[a-zA-Z_:][a-zA-Z0-9_:]*$"},
        "alert": {"type": "string", "minLength": 1},
        "expr": {"type": "string", "minLength": 1},
        "for": {"type": "string", "pattern": DURATION},
        "keep_firing_for": {"type": "string", "pattern": DURATION},
        "labels": TEXTS,
        "annotations": TEXTS,
    },
    "additionalProperties": False,
}


def group_schema(**further: object) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["name", "rules", *further],
        "properties": {
            "name": {"type": "string", "minLength": 1},
            "interval": {"type": "string", "pattern": DURATION},
            "rules": {"type": "array", "minItems": 1, "items": RULE},
            **further,
        },
        "additionalProperties": False,
    }


def file_schema(further: dict[str, object] | None = None, **of_group: object) -> dict[str, Any]:
    groups = {"type": "array", "minItems": 1, "items": group_schema(**of_group)}
    return {
        "type": "object",
        "required": ["groups", *(further or {})],
        "properties": {"groups": groups, **(further or {})},
        "additionalProperties": False,
    }


def manifest_schema(version: str, kind: str) -> dict[str, Any]:
    name = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$"
    label = r"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$"
    return {
        "type": "object",
        "required": ["apiVersion", "kind", "metadata", "spec"],
        "properties": {
            "apiVersion": {"const": version},
            "kind": {"const": kind},
            "metadata": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "pattern": name, "maxLength": LONGEST_NAME},
                    "namespace": {"type": "string", "pattern": "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"},
                    "labels": {
                        "type": "object",
                        "propertyNames": {"pattern": r"^([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}\w)?$"},
                        "additionalProperties": {"type": "string", "pattern": label, "maxLength": 63},
                    },
                },
                "additionalProperties": False,
            },
            "spec": file_schema(),
        },
        "additionalProperties": False,
    }


SCHEMAS = {
    "prometheus": file_schema(),
    "thanos": file_schema(partial_response_strategy={"enum": ["abort", "warn"]}),
    "mimir": file_schema({"namespace": {"type": "string", "minLength": 1}}),
    "operator": manifest_schema("monitoring.coreos.com/v1", "PrometheusRule"),
    "victoriametrics": manifest_schema("operator.victoriametrics.com/v1beta1", "VMRule"),
}


def some_catalog() -> Any:
    good = {
        "ratio": {
            "good": 'sum(rate(requests_total{job="shop",code!~"5.."}[{{window}}]))',
            "total": 'sum(rate(requests_total{job="shop"}[{{window}}]))',
        }
    }
    odd = {"page": {"annotations": {"note": "first: line\n  second # line\n\nlast \"line\" 'x' \\ ünï"}}}
    return catalog(
        slo(alerting={"absent": "10m", "minimumEvents": 50, **odd}),
        slo("basket-good", indicator=good, objective=90),
        slo("buying", target="journey:buy"),
        components=[component(needs=["db"]), component("db")],
        journeys=[journey("buy", ["basket"])],
    )


def compiled(target: str, **settings: object) -> CompiledRules:
    given = CompileSettings.model_validate({"target": target, **settings})
    return compile_prometheus(some_catalog(), options=CompileOptions(settings=given))


def documents(found: CompiledRules) -> dict[str, Any]:
    read = {}
    for path, text in found.files.items():
        several = list(YAML(typ="safe").load_all(text))
        assert len(several) == 1, "one document a file: some rulers read no further"
        read[path] = several[0]
    return read


def groups_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document.get("spec", document)["groups"]
    return found


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("shards", [1, 3])
def test_files_have_the_documented_shape(target: str, shards: int) -> None:
    found = documents(compiled(target, shards=shards))
    assert len(found) == 2
    for document in found.values():
        jsonschema.Draft202012Validator(SCHEMAS[target]).validate(document)


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_has_the_same_rules(target: str) -> None:
    def rules(name: str) -> list[Any]:
        found = [
            rule for file in documents(compiled(name)).values() for one in groups_of(file) for rule in one["rules"]
        ]
        if target == "victoriametrics":
            # Its bad rates are told apart below.
            return [{**rule, "expr": ""} if rule.get("record") == "slo:bad:rate5m" else rule for rule in found]
        return found

    assert rules(target) == rules("prometheus")


@pytest.mark.parametrize("target", TARGETS)
def test_the_same_catalog_gives_the_same_bytes(target: str) -> None:
    assert compiled(target, shards=2).files == compiled(target, shards=2).files


def test_thanos_says_what_happens_while_a_store_is_away() -> None:
    for setting in ("abort", "warn"):
        found = documents(compiled("thanos", thanos={"partial-response": setting}))
        assert {one["partial_response_strategy"] for file in found.values() for one in groups_of(file)} == {setting}


def test_mimir_has_a_namespace_for_each_component() -> None:
    found = documents(compiled("mimir", mimir={"namespace-prefix": "acme"}))
    assert {file["namespace"] for file in found.values()} == {"acme.component.basket", "acme.journey.buy"}


def test_mimir_reads_the_tenants_asked_for() -> None:
    found = documents(compiled("mimir", mimir={"source-tenants": ["team-a", "1"]}))
    assert {tuple(one["source_tenants"]) for file in found.values() for one in groups_of(file)} == {("team-a", "1")}


def test_mimir_is_told_what_limits_to_raise() -> None:
    [remark] = compiled("mimir").remarks
    assert re.search(r"the largest group has (\d+) rules and a Mimir ruler takes 20: set .* to \1 or more", remark)


def test_manifests_carry_what_the_settings_say() -> None:
    given = {"namespace": "monitoring", "name-prefix": "acme", "labels": {"release": "prom", "team": "x", "n": "1"}}
    found = documents(compiled("operator", kubernetes=given))
    assert {file["metadata"]["name"] for file in found.values()} == {"acme.component.basket", "acme.journey.buy"}
    for file in found.values():
        assert file["metadata"]["namespace"] == "monitoring"
        assert file["metadata"]["labels"] == {
            "app.kubernetes.io/managed-by": "servicescape",
            "release": "prom",
            "team": "x",
            "n": "1",
        }


def test_a_shard_can_be_selected_by_label() -> None:
    found = documents(compiled("operator", shards=4))
    for path, file in found.items():
        assert path.startswith(f"rules/shard-{file['metadata']['labels']['slo-shard']}/")


def test_names_of_resources_stay_within_limits_and_apart() -> None:
    names = ["a" * 63 + "." + "b" * 63 + ".x", "a" * 63 + "." + "b" * 63 + ".y"]
    found = [resource_name("prefix", f"component.{name}") for name in names]
    assert len(set(found)) == 2
    assert all(len(name) <= LONGEST_NAME and re.fullmatch(r"[a-z0-9.-]+[a-z0-9]", name) for name in found)
    assert resource_name("slo", "component.basket") == "slo.component.basket"


def test_vmalert_never_subtracts_events_of_different_minutes() -> None:
    for file in documents(compiled("victoriametrics")).values():
        for one in groups_of(file):
            for rule in one["rules"]:
                check_composed(rule["expr"])
                if rule.get("record") == "slo:bad:rate5m":
                    assert "slo:total:rate5m" not in rule["expr"]
                    assert "http_requests_total" in rule["expr"] or "requests_total" in rule["expr"]


def test_vmalert_reads_the_clock_for_calendars() -> None:
    monthly = slo(window={"calendar": "month", "timeZone": "Europe/London"})
    given = CompileOptions(settings=CompileSettings.model_validate({"target": "victoriametrics"}))
    [file] = documents(compile_prometheus(catalog(monthly), options=given)).values()
    expressions = [rule["expr"] for one in groups_of(file) for rule in one["rules"]]
    assert not any("slo:local_time:seconds" in expr for expr in expressions)
    assert sum("month(" in expr and "time()" in expr for expr in expressions) > 3
    for expr in expressions:
        check_composed(expr)


def test_several_slos_of_a_component_share_a_group_where_that_is_wanted() -> None:
    basket = documents(compiled("prometheus", **{"max-per-group": 100}))["rules/storefront/basket.yaml"]
    assert [one["name"] for one in basket["groups"]] == ["basket-availability"]
    slos = [rule["labels"]["slo"] for rule in basket["groups"][0]["rules"]]
    assert slos == sorted(slos)
    assert set(slos) == {"basket-availability", "basket-good"}


def test_with_shards_tests_find_their_rules() -> None:
    found = compiled("prometheus", shards=3)
    for path, text in found.tests.items():
        [relative] = YAML(typ="safe").load(text)["rule_files"]
        parts = path.split("/")[:-1]
        while relative.startswith("../"):
            relative, parts = relative[3:], parts[:-1]
        assert "/".join([*parts, relative]) in found.files
