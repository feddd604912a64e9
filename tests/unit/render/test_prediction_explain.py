"""`predict --explain`: sums that can be followed, and the way of each failure to the customer."""

import pytest

from servicescape.analysis.prediction.availability import Availability, Measurement
from servicescape.analysis.prediction.prediction import predict
from servicescape.analysis.prediction.reasons import reasons
from servicescape.analysis.prediction.results import JourneyPrediction
from servicescape.catalog.catalog import Catalog
from servicescape.render.prediction.explain import explanation
from tests.support.impact_catalogs import catalog, channel, journey, leg, service, step


@pytest.fixture
def shop() -> Catalog:
    return catalog(
        service("db"),
        service("spare"),
        service("api", "db"),
        service("quotes", {"on": "api", "fallback": "spare", "switchFailure": 0.1, "degrades": "older prices"}),
        journey("buy", step("pay", leg("web", "api")), step("ask", leg("web", "quotes"), leg("desk", "spare"))),
        channel("desk", mode="live"),
    )


def predicted(catalog: Catalog) -> tuple[JourneyPrediction, dict[str, Availability]]:
    measured = {ref: Measurement(0.99, total=False) for ref in catalog.components}
    found = predict(catalog, measured=measured)
    return found.journeys[0], {each.component: each for each in found.components}


def test_chains_lead_from_the_leg_to_what_failed(shop: Catalog) -> None:
    found, _ = predicted(shop)
    assert found.cut_sets is not None
    listed = reasons(shop, shop.journeys["journey:buy"], found.cut_sets, len(found.cut_sets))
    by_cut = {each.cut.components: each for each in listed}
    assert by_cut[("service:db",)].step == "Pay"
    assert [way.chain for way in by_cut[("service:db",)].ways] == [("service:api", "service:db")]
    both = by_cut[("service:quotes", "service:spare")]
    assert both.step == "Ask"
    assert [way.channel for way in both.ways] == ["channel:web", "channel:desk"]


def test_the_sum_is_the_figure(shop: Catalog) -> None:
    found, parts = predicted(shop)
    # Quotes and the spare by themselves: 0.01 × 0.01.
    assert found.availability == pytest.approx(0.99 * 0.99 * 0.9999, rel=1e-12)
    sentences = explanation(found, parts, shop)
    assert sentences[0].startswith("works 98.00 % = 99 % × 99 % (the parts that block it alone) × 99.9900 %")
    assert any(each.startswith("db, 1.00 % of the time, 87.6 h") and each.endswith(": api → db)") for each in sentences)
    assert any(each.startswith("one more nine of db: it fails 1.00 % of the time") for each in sentences)
