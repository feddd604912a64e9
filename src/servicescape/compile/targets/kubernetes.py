"""Rules as Kubernetes resources: PrometheusRule for Prometheus Operator, VMRule for VictoriaMetrics' operator.

Names are DNS subdomains and never change with the owner, so that a sync (Argo CD, Flux, `kubectl apply --prune`)
touches only what changed.
"""

import re
from collections.abc import Mapping
from hashlib import blake2b

from servicescape.compile.targets.base import HEADER, RuleFile, Written
from servicescape.compile.targets.victoriametrics import for_metricsql
from servicescape.compile.yaml_text import comment, groups_text, indented
from servicescape.model.settings import CompileSettings

LONGEST_NAME = 147
"""A resource may be called by 253 characters. Prometheus Operator puts its name between a namespace and a UID into the
key of a ConfigMap, `NAMESPACE-NAME-UID.yaml`, which may have as many."""
MOST_BYTES = 512 * 1024
"""Prometheus Operator refuses larger rule files: several go into one ConfigMap, which holds a mebibyte."""

_LABEL_VALUE = re.compile(r"([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?")


def write_prometheus_rules(files: tuple[RuleFile, ...], settings: CompileSettings) -> Written:
    """A PrometheusRule for each component or journey."""
    return _manifests("monitoring.coreos.com/v1", "PrometheusRule", files, settings)


def write_vm_rules(files: tuple[RuleFile, ...], settings: CompileSettings) -> Written:
    """A VMRule for each component or journey, in words that MetricsQL and vmalert understand as they are meant."""
    return _manifests("operator.victoriametrics.com/v1beta1", "VMRule", for_metricsql(files), settings)


def _manifests(version: str, kind: str, files: tuple[RuleFile, ...], settings: CompileSettings) -> Written:
    texts = {}
    remarks = []
    for file in files:
        text = indented(groups_text(file.groups))
        if len(text.encode()) > MOST_BYTES:
            remarks.append(f"{file.path} has more than {MOST_BYTES // 1024} KiB, which the operator may refuse")
        head = f"apiVersion: {version}\nkind: {kind}\nmetadata:\n{_metadata(file, settings)}spec:\n"
        texts[file.path] = f"{comment(HEADER, '')}{head}{text}"
    return Written(texts, tuple(remarks))


def _metadata(file: RuleFile, settings: CompileSettings) -> str:
    given = settings.kubernetes
    labels = {"app.kubernetes.io/managed-by": "servicescape"}
    if file.shard is not None:
        labels["slo-shard"] = str(file.shard)
    # A team of another namespace reads `shop/web`, which no label of Kubernetes takes.
    team = file.team.replace("/", ".")
    if team and is_label_value(team):
        labels["team"] = team
    labels |= given.labels
    lines = [f"  name: {resource_name(given.name_prefix, file.stable_name)}\n"]
    if given.namespace:
        lines.append(f"  namespace: {_quoted(given.namespace)}\n")
    return "".join([*lines, "  labels:\n", *_mapping(labels)])


def resource_name(prefix: str, name: str) -> str:
    """A DNS subdomain for a stable name; what is too long ends in a hash instead."""
    whole = f"{prefix}.{name}"
    if len(whole) <= LONGEST_NAME:
        return whole
    short = blake2b(whole.encode(), digest_size=5).hexdigest()
    return f"{whole[: LONGEST_NAME - len(short) - 1].rstrip('.-')}-{short}"


def is_label_value(text: str) -> bool:
    """Whether Kubernetes takes a text as the value of a label."""
    return _LABEL_VALUE.fullmatch(text) is not None


def _mapping(values: Mapping[str, str]) -> list[str]:
    return [f"    {name}: {_quoted(values[name])}\n" for name in sorted(values)]


def _quoted(text: str) -> str:
    """A value that stays text: `"0"`, `"true"`."""
    return f'"{text}"'
