"""No change that is proposed makes anything worse, whatever the catalog."""

from hypothesis import given, settings
from hypothesis import strategies as st

from servicescape.analysis.lenses.changes import changes
from servicescape.analysis.lenses.improvements import only
from servicescape.analysis.prediction.availability import Measurement
from servicescape.analysis.prediction.prediction import predict
from tests.property.impact_strategies import catalogs

CHANCES = (0.0, 0.001, 0.02, 0.3)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_change_costs_attempts(data: st.DataObject) -> None:
    catalog = data.draw(catalogs())
    measured = {
        ref: Measurement(1.0 - data.draw(st.sampled_from(CHANCES)), total=False) for ref in catalog.components
    }  # fmt: skip
    for ref in catalog.journeys:
        small = only(catalog, ref)
        known = {name: measured[name] for name in small.components}
        (before,) = predict(small, journeys=[ref], order=1, measured=known).journeys
        weights = {each.component: 1.0 for each in before.importance or ()}
        for change in changes(small, small.journeys[ref], weights):
            changed, availabilities = change.apply(small, known)
            (after,) = predict(changed, journeys=[ref], order=1, measured=availabilities).journeys
            assert before.attempts_served is not None
            assert after.attempts_served is not None
            assert after.attempts_served >= before.attempts_served - 1e-12, change.what
