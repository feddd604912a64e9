"""Every Indicator of the library on Prometheus's own tool: its generated test, and good and bad readings of gauges."""

from pathlib import Path

import pytest

from servicescape.catalog.catalog import Catalog
from servicescape.compile.prometheus import compile_prometheus
from servicescape.library import EXAMPLE, library_indicator, library_names
from tests.promtool.harness import Expect, measure, promtool, write
from tests.support.slo_catalogs import catalog, slo

SLO = "basket-availability"
CLUSTER = 'namespace="shop"'
# 14 minutes of readings that are good, then as many that are bad.
GAUGES: dict[str, dict[str, tuple[str, str]]] = {
    "batch-freshness": {'job_last_success_unixtime{job="nightly-invoices"}': ("0", "-90000")},
    "kafka-consumer-delay": {
        'kafka_consumergroup_group_max_lag_seconds{cluster_name="london",group="billing"}': ("60", "61")
    },
    "kafka-consumer-lag": {
        'kafka_consumergroup_lag{consumergroup="billing",topic="usage",partition="0"}': ("4000", "4999"),
        'kafka_consumergroup_lag{consumergroup="billing",topic="usage",partition="1"}': ("1000", "2"),
        'kafka_consumergroup_lag{consumergroup="billing",topic="usage",partition="2"}': ("-1", "-1"),
        'kafka_consumergroup_lag{consumergroup="billing",topic="other",partition="0"}': ("99999", "99999"),
    },
    "kube-cronjob-freshness": {
        'kube_cronjob_status_last_successful_time{namespace="billing",cronjob="nightly-invoices"}': ("0", "-90000")
    },
    "kube-daemonset-availability": {
        'kube_daemonset_status_number_available{namespace="kube-system",daemonset="node-dns"}': ("9", "8"),
        'kube_daemonset_status_desired_number_scheduled{namespace="kube-system",daemonset="node-dns"}': ("10", "10"),
    },
    "kube-deployment-availability": {
        f'kube_deployment_status_replicas_available{{{CLUSTER},deployment="basket"}}': ("3", "2"),
        f'kube_deployment_spec_replicas{{{CLUSTER},deployment="basket"}}': ("4", "4"),
    },
    "kube-pods-ready": {
        f'kube_pod_status_ready{{{CLUSTER},pod="basket-1",condition="true"}}': ("1", "0"),
        f'kube_pod_status_ready{{{CLUSTER},pod="basket-1",condition="false"}}': ("0", "1"),
        f'kube_pod_status_ready{{{CLUSTER},pod="other-1",condition="true"}}': ("0", "1"),
    },
    "kube-statefulset-availability": {
        f'kube_statefulset_status_replicas_ready{{{CLUSTER},statefulset="sessions"}}': ("2", "1"),
        f'kube_statefulset_replicas{{{CLUSTER},statefulset="sessions"}}': ("3", "3"),
    },
    "mysql-up": {'mysql_up{job="mysql-shop",instance="a"}': ("1", "0")},
    "postgres-up": {'pg_up{job="postgres-commerce",instance="a"}': ("1", "0")},
    "probe-latency": {
        'probe_duration_seconds{job="blackbox",instance="https://shop.example.com/health"}': ("1", "1.1")
    },
    "probe-success": {'probe_success{job="blackbox",instance="https://shop.example.com/health"}': ("1", "0")},
    "rabbitmq-queue-backlog": {
        'rabbitmq_detailed_queue_messages_ready{vhost="/",queue="orders"}': ("1000", "1001"),
        'rabbitmq_detailed_queue_messages_ready{vhost="/",queue="other"}': ("9999", "9999"),
    },
    "redis-up": {'redis_up{job="redis-sessions",instance="a"}': ("1", "0")},
    "scrape-up": {'up{job="basket"}': ("1", "0")},
    "sqs-oldest-message": {
        'aws_sqs_approximate_age_of_oldest_message_maximum{dimension_QueueName="orders"}': ("300", "301")
    },
}


def using(name: str) -> Catalog:
    located = library_indicator(name)
    indicator = {"use": f"servicescape/{name}", "with": dict(located.authors_own[EXAMPLE])}
    return catalog(slo(shared=located, measures=located.entity.spec.measures, indicator=indicator))


@pytest.mark.parametrize("name", library_names())
def test_rules_load_and_their_tests_pass(name: str, tmp_path: Path) -> None:
    compiled = compile_prometheus(using(name))
    assert compiled.uncompiled == ()
    write(tmp_path, compiled)
    for path in compiled.tests:
        promtool("test", "rules", str(tmp_path / path))
    assert compiled.tests or name in GAUGES, compiled.untested


@pytest.mark.parametrize("name", sorted(GAUGES))
def test_gauges_tell_good_from_bad(name: str, tmp_path: Path) -> None:
    series = {labels: f"{good}x14 {bad}x14" for labels, (good, bad) in GAUGES[name].items()}
    bad = f'max(slo:bad:rate5m{{slo="{SLO}"}})'
    total = f'max(slo:total:rate5m{{slo="{SLO}"}})'
    expected = [Expect(13, bad, 0), Expect(13, total, 1), Expect(29, bad, 1), Expect(29, total, 1)]
    measure(tmp_path, using(name), series, expected)


def test_every_gauge_is_tried() -> None:
    assert sorted(GAUGES) == [name for name in library_names() if library_indicator(name).entity.spec.gauge]
