"""What becomes of a specification of Sloth."""

from servicescape.compile.prometheus import compile_prometheus
from servicescape.model.slo import AlertDetails
from tests.support.loading import read_files, read_text

EVENTS = """\
version: prometheus/v1
service: basket
labels: {repo: shop}
slos:
  - name: availability
    objective: 99.95
    description: Baskets can be filled.
    labels: {category: errors}
    sli:
      events:
        error_query: sum(rate(http_requests_total{job="basket",code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_requests_total{job="basket"}[{{.window}}]))
    alerting:
      name: BasketFails
      labels: {area: shop}
      annotations: {summary: Baskets fail}
      page_alert: {labels: {routing_key: storefront}, annotations: {summary: Baskets fail badly}}
      ticket_alert: {disable: true}
"""


def test_everything_that_is_carried() -> None:
    read = read_text(EVENTS)
    slo = read.entity("slo:basket-availability")
    assert slo.spec.for_ == "basket"
    assert str(slo.spec.objective) == "99.95"
    assert slo.spec.measures == "availability"
    assert str(slo.spec.window) == "30d"
    assert "[{{ window}}]" in slo.spec.indicator.ratio.bad
    assert slo.metadata.description == "Baskets can be filled."
    assert slo.metadata.labels == {"repo": "shop", "category": "errors"}
    assert slo.spec.alerting.ticket == "off"
    assert slo.spec.alerting.page == AlertDetails.model_validate(
        {
            "labels": {"repo": "shop", "category": "errors", "area": "shop", "routing_key": "storefront"},
            "annotations": {"summary": "Baskets fail badly"},
        }
    )
    assert slo.metadata.annotations == {
        "sloth.slok.dev/service": "basket",
        "sloth.slok.dev/slo": "availability",
        "sloth.slok.dev/alert": "BasketFails",
        "sloth.slok.dev/labels": "category,repo",
        "sloth.slok.dev/spec": "prometheus/v1",
    }
    assert set(read.codes) == {"DIA162"}


def test_labels_of_the_info_series_stand_on_ours_and_on_nothing_else() -> None:
    read = read_text(
        EVENTS.replace("    sli:\n", '    infoLabels: {cost_centre: "4711", category: errors}\n    sli:\n')
    )
    assert read.entity("slo:basket-availability").metadata.annotations["sloth.slok.dev/info-labels"] == (
        "category,cost_centre"
    )
    (text,) = compile_prometheus(read.catalog).files.values()
    lines = text.splitlines()
    at = [number for number, line in enumerate(lines) if "cost_centre" in line]
    assert [lines[number].strip() for number in at] == ['cost_centre: "4711"']
    assert any(lines[number].strip() == "- record: slo:info" for number in range(at[0] - 8, at[0]))


def test_places_lead_to_what_was_written() -> None:
    read = read_text(EVENTS)
    places = next(each for each in read.entities if each.ref == "slo:basket-availability").places
    source = read.sources[places.file]

    def line(*path: str | int) -> str:
        return source.lines.line(places.value_span(path).start.line).strip()

    assert line("metadata", "name") == "- name: availability"
    assert line("spec", "for") == "service: basket"
    assert line("spec", "objective") == "objective: 99.95"
    assert line("spec", "indicator", "ratio", "total").startswith("total_query:")
    assert line("spec", "alerting", "ticket") == "ticket_alert: {disable: true}"


def test_both_forms_mean_the_same() -> None:
    kubernetes = """\
apiVersion: sloth.slok.dev/v1
kind: PrometheusServiceLevel
metadata: {name: basket-slos, namespace: shop}
spec:
  service: basket
  slos:
    - name: speed
      objective: 99
      sli:
        events:
          errorQuery: sum(rate(d_count[{{.window}}])) - sum(rate(d_bucket{le="0.4"}[{{.window}}]))
          totalQuery: sum(rate(d_count[{{.window}}]))
      alerting: {pageAlert: {disable: true}, ticketAlert: {disable: true}}
"""
    plain = """\
version: prometheus/v1
service: basket
slos:
  - name: speed
    objective: 99
    sli:
      events:
        error_query: sum(rate(d_count[{{.window}}])) - sum(rate(d_bucket{le="0.4"}[{{.window}}]))
        total_query: sum(rate(d_count[{{.window}}]))
    alerting: {page_alert: {disable: true}, ticket_alert: {disable: true}}
"""
    one, other = (read_text(text).entity("slo:basket-speed") for text in (kubernetes, plain))
    assert one.spec == other.spec
    assert one.spec.measures == "latency", "a bucket is counted"
    assert one.metadata.labels == {"namespace": "shop"}


def test_a_ratio_that_is_worked_out_elsewhere() -> None:
    read = read_text(
        """\
        version: prometheus/v1
        service: basket
        slos:
          - name: errors
            objective: 99
            sli: {raw: {error_ratio_query: 'avg(job:errors:ratio[{{.window}}])'}}
        """
    )
    assert read.entity("slo:basket-errors").spec.indicator.error_ratio == "avg(job:errors:ratio[{{ window}}])"


def test_what_the_catalog_says_of_a_component_counts() -> None:
    team = "apiVersion: servicescape/v1\nkind: Team\nmetadata: {name: crew}\n---\n"
    basket = (
        "apiVersion: servicescape/v1\nkind: Platform\nmetadata: {name: cart, aliases: [basket]}\nspec: {owner: crew}\n"
    )
    read = read_files({"catalog/z.yaml": EVENTS, "catalog/a.yaml": team + basket})
    assert read.catalog.slos["slo:basket-availability"].target == "platform:cart"
    assert list(read.catalog.components) == ["platform:cart"]


def test_one_objective_twice_is_said_at_its_name() -> None:
    read = read_files({"catalog/a.yaml": EVENTS, "catalog/b.yaml": EVENTS})
    (finding,) = [each for each in read.findings if each.code == "REF204"]
    assert finding.file == "catalog/b.yaml"
    assert read.text(finding) == "availability"
    assert finding.related[0].file == "catalog/a.yaml"
