"""Configurations as amtool reads them: where alerts go, what is put into a base, and what is said of it."""

from pathlib import Path
from textwrap import dedent

import pytest
from ruamel.yaml import YAML

from servicescape.catalog.catalog import Catalog
from servicescape.compile.alertmanager.configuration import FILE
from servicescape.diagnostics.errors import ToolError
from tests.alertmanager.harness import amtool, compiled, labels_of, part, read, routed, team, written


def company() -> Catalog:
    return read(
        team("tribe", "receivers: {page: tribe-pager, ticket: tribe-jira}"),
        team("shop", "parent: tribe\nreceivers: {page: shop-pager}"),
        team("bank", "receivers: {page: bank-pager, ticket: bank-jira}"),
        team("child", "parent: shop"),
        team("lost"),
        team("tickets-only", "receivers: {ticket: some-jira}"),
        part("basket", owner="shop"),
        part("ledger", owner="bank", slos=("alerting: {page: {labels: {severity: critical}}}",)),
        part("stock", owner="child"),
        part("fax", owner="lost"),
        part("report", owner="tickets-only"),
    )


@pytest.mark.parametrize(
    ("slo", "window", "receiver"),
    [
        ("basket-0", "1h", "shop-pager"),
        ("basket-0", "3d", "tribe-jira"),
        ("ledger-0", "1h", "bank-pager"),
        ("ledger-0", "1d", "bank-jira"),
        ("stock-0", "6h", "shop-pager"),
        ("stock-0", "1d", "tribe-jira"),
        ("fax-0", "1h", "unrouted"),
        ("fax-0", "1d", "unrouted"),
        ("report-0", "1h", "unrouted"),
        ("report-0", "1d", "some-jira"),
    ],
)
def test_alerts_find_their_team(slo: str, window: str, receiver: str, tmp_path: Path) -> None:
    catalog = company()
    file = written(tmp_path, compiled(catalog))
    assert routed(file, labels_of(catalog, window=window)[slo]) == receiver


def test_alerts_of_others_and_unforeseen_severities(tmp_path: Path) -> None:
    file = written(tmp_path, compiled(company(), receiver="everything-else"))
    assert routed(file, {"alertname": "DiskFull", "team": "shop", "severity": "page"}) == "everything-else"
    odd = {"slo": "x", "measures": "availability", "team": "shop", "severity": "catastrophe"}
    assert routed(file, odd) == "shop-pager", "wakes somebody"


def test_what_is_told_of_teams_without_receivers() -> None:
    assert compiled(company()).notes == (
        "pages of team `tickets-only` go to `unrouted`: no receiver is named for them",
        "pages and tickets of team `lost` go to `unrouted`: no receiver is named for them",
    )


def test_nothing_to_route_writes_nothing() -> None:
    assert compiled(read(team("a"))).files == {}


def test_settings_are_used(tmp_path: Path) -> None:
    configuration = compiled(
        company(),
        group_wait="10s",
        group_interval="1m",
        repeat_interval="1h",
        ticket_repeat_interval="2d",
        equal=("dc",),
    )
    file = written(tmp_path, configuration)
    shown = amtool("config", "routes", f"--config.file={file}")
    assert "tribe-jira" in shown
    ours = YAML(typ="safe").load(configuration.files[FILE])["route"]["routes"][0]
    assert ours["group_by"] == ["component", "journey", "dc"]
    assert (ours["group_wait"], ours["group_interval"], ours["repeat_interval"]) == ("10s", "1m", "1h")
    assert ours["routes"][-1] == {"matchers": ['severity="ticket"'], "repeat_interval": "2d"}


BASE = dedent("""\
    # Ours, kept by hand.
    global:
      resolve_timeout: 10m   # longer than a restart
    templates: [/etc/alertmanager/*.tmpl]
    route:
      receiver: default
      group_by: [alertname]
      routes:
        # The dead man's switch comes first.
        - matchers: [alertname="Watchdog"]
          receiver: watchdog
        - match: {team: "bank"}     # the old way
          receiver: bank-pager
          continue: true
      group_wait: 45s
    # Who can be told.
    receivers:
      - name: default
      - name: watchdog
        webhook_configs: [{url: "http://watchdog.example/"}]
      - name: bank-pager
        pagerduty_configs: [{routing_key_file: /etc/alertmanager/bank}]
      - name: bank-jira
      - {name: shop-pager}
      - {name: tribe-pager}
      - {name: tribe-jira}
      - {name: some-jira}
    inhibit_rules:
      - source_matchers: [alertname="NodeDown"]
        target_matchers: [severity="warning"]
        equal: [node]
    time_intervals: []   # none yet
    """)


def own_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def test_the_organisations_own_configuration_stays_line_by_line(tmp_path: Path) -> None:
    catalog = company()
    configuration = compiled(catalog, BASE)
    text = configuration.files[FILE]
    file = written(tmp_path, configuration)
    rest = iter(own_lines(text))
    assert all(line in rest for line in own_lines(BASE)), "each line, in its order"
    loaded = YAML(typ="safe").load(text)
    assert [route["receiver"] for route in loaded["route"]["routes"]] == ["watchdog", "bank-pager", "default"]
    assert loaded["route"]["group_wait"] == "45s"
    assert loaded["inhibit_rules"][0]["equal"] == ["node"]
    assert len(loaded["inhibit_rules"]) > 3
    assert routed(file, {"alertname": "Watchdog"}) == "watchdog"
    assert routed(file, {"alertname": "DiskFull"}) == "default"
    labels = labels_of(catalog)
    assert routed(file, labels["basket-0"]) == "shop-pager"
    assert routed(file, labels["ledger-0"]) == "bank-pager,bank-pager"
    assert routed(file, labels["fax-0"]) == "default"


WAYS = {
    "no routes and no rules": "route:\n  receiver: d\nreceivers: [{name: d}]\n",
    "no break at the end": "route:\n  receiver: d\nreceivers: [{name: d}]",
    "empty lists": """\
route:
    receiver: d
    routes: []   # none
receivers: [{name: d}]
inhibit_rules: []
""",
    "keys without values": "route:\n  receiver: d\n  routes:\nreceivers:\n- name: d\ninhibit_rules:\n",
    "a nested list last": """\
route:
  receiver: d
  routes:
  - receiver: d
    matchers:
      - a = b

# end
receivers:
- name: d
""",
    "breaks of Windows": """\
---
route:
  routes:
    - receiver: d
      matchers: [a=b]
  receiver: d
receivers: [{name: d}]
""".replace("\n", "\r\n"),
    "a block of text before, the route last": """\
receivers:
- name: d
- name: e
  email_configs:
  - to: a@b.example
    from: x@b.example
    smarthost: h:25
    html: |
      <b>

route:
  receiver: d
""",
    "a block of text last": """\
receivers:
- name: d
route:
  receiver: d
  routes:
  - matchers:
    - >-
      a=b
inhibit_rules:
- equal: [a]
  target_matchers: [x=y]
  source_matchers:
  - |-
    x="z"
""",
    "an anchor": "route: &top\n  receiver: d\nreceivers: [{name: d}]\n",
}


@pytest.mark.parametrize("text", WAYS.values(), ids=WAYS)
def test_any_way_of_writing_a_base(text: str, tmp_path: Path) -> None:
    catalog = read(team("a", "receivers: {page: d, ticket: d}"), part("x", owner="a"))
    configuration = compiled(catalog, text)
    file = written(tmp_path, configuration)
    loaded = YAML(typ="safe").load(configuration.files[FILE])
    assert len(loaded["inhibit_rules"]) == 3 + text.count("equal:")
    assert routed(file, {"slo": "x", "measures": "availability", "team": "a", "severity": "page"}) == "d"
    rest = iter(own_lines(configuration.files[FILE]))
    kept = [line.replace(" []", "") for line in own_lines(text)]
    assert all(line.rstrip() in (each.rstrip() for each in rest) for line in kept)


def test_a_line_says_where_our_routes_stand(tmp_path: Path) -> None:
    base = BASE.replace("    - match: {team", "    # servicescape: routes\n    - match: {team")
    file = written(tmp_path, compiled(company(), base))
    loaded = YAML(typ="safe").load(file.read_text())
    assert [route["receiver"] for route in loaded["route"]["routes"]] == ["watchdog", "default", "bank-pager"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n", "alertmanager.base.yaml is no Alertmanager configuration: it is not a mapping"),
        ("", "alertmanager.base.yaml holds no documents; Alertmanager reads one"),
        ("a: 1\n---\nb: 2\n", "alertmanager.base.yaml holds 2 documents; Alertmanager reads one"),
        ("route: {routes: []}\n", "alertmanager.base.yaml has no `route` with a `receiver`"),
        (
            "route: {receiver: d}\nreceivers: [{name: d}]\n",
            "alertmanager.base.yaml:1:8: `route` is written in brackets",
        ),
        (
            "route:\n  receiver: d\n  routes: [{receiver: d}]\n",
            "alertmanager.base.yaml:3:11: `routes` is written in br",
        ),
        ("route:\n  receiver: d\n  routes: x\n", "alertmanager.base.yaml:3:11: `routes` is not a list"),
        ("route: [\n", "alertmanager.base.yaml:"),
        ("# servicescape: routes\nroute:\n  receiver: d\n", "nothing could be put between its lines"),
    ],
)
def test_bases_that_nothing_can_be_put_into(text: str, message: str) -> None:
    with pytest.raises(ToolError) as refused:
        compiled(company(), text)
    assert message in refused.value.message
    assert refused.value.hint


def test_a_default_receiver_that_the_base_does_not_define() -> None:
    with pytest.raises(ToolError) as refused:
        compiled(company(), BASE, receiver="shop-pagr")
    assert "names `shop-pagr`, which alertmanager.base.yaml does not define" in refused.value.message
    assert refused.value.hint == "did you mean `shop-pager`?"


def test_own_routes_that_take_our_alerts_are_told() -> None:
    catch = BASE.replace("      continue: true\n", "")
    notes = [note for note in compiled(company(), catch).notes if "comes first" in note]
    assert notes == [
        "the route at alertmanager.base.yaml:12:7 comes first and takes pages and tickets of the SLOs of team `bank`; "
        "if it shall not, put the line `# servicescape: routes` before it"
    ]
    everything = BASE.replace('matchers: [alertname="Watchdog"]', "group_by: [alertname]")
    [note] = [note for note in compiled(company(), everything).notes if "comes first" in note]
    assert "10:7 comes first and takes pages and tickets of the SLOs of 5 teams" in note
    assert not [note for note in compiled(company(), BASE).notes if "comes first" in note]


def test_secrets_in_the_open_are_told_and_not_shown() -> None:
    base = BASE.replace("routing_key_file: /etc/alertmanager/bank", "routing_key: s3cr3t-value")
    configuration = compiled(company(), base)
    [note] = [note for note in configuration.notes if "routing_key" in note]
    assert note.startswith("alertmanager.base.yaml:22:39: `routing_key` holds a secret")
    assert "s3cr3t" not in "".join(configuration.notes)
    filled_in = BASE.replace("routing_key_file: /etc/alertmanager/bank", "routing_key: $(BANK_KEY)")
    assert not [note for note in compiled(company(), filled_in).notes if "secret" in note]


def test_names_that_mean_something_to_alertmanager_or_yaml(tmp_path: Path) -> None:
    catalog = read(
        team("a", 'receivers: {page: \'on: call #1 "now"\', ticket: "yes"}'),
        part("x", owner="a", slos=("alerting: {page: {labels: {severity: 'p\"1\\.*|, {x}'}}}",)),
        part("y", owner="a", slos=("alerting: {ticket: {labels: {severity: '2'}}}",)),
    )
    file = written(tmp_path, compiled(catalog))
    assert routed(file, labels_of(catalog, window="1d")["y-0"]) == "yes"
    assert YAML(typ="safe").load(file.read_text())["receivers"][0]["name"] == 'on: call #1 "now"'


def test_bytes_do_not_depend_on_the_order_of_things() -> None:
    entities = [part(name, owner="t", needs=["base"] if name != "base" else []) for name in ("a", "b", "base")]
    one = read(team("t", "receivers: {page: p}"), *entities)
    other = read(*reversed(entities), team("t", "receivers: {page: p}"))
    assert compiled(one).files == compiled(other).files


def test_only_components_that_page_and_are_needed_silence_others() -> None:
    off = "alerting: {page: off}"
    catalog = read(
        team("t", "receivers: {page: p, ticket: q}"),
        part("bottom", owner="t"),
        part("no-pages", owner="t", needs=["bottom"], slos=(off,)),
        part("no-slo", owner="t", needs=["no-pages"], slos=()),
        part("top", owner="t", needs=["no-slo"]),
    )
    text = compiled(catalog).files[FILE]
    assert 'component="bottom"' in text
    assert not [name for name in ("no-pages", "no-slo", "top") if f'component="{name}"' in text]
