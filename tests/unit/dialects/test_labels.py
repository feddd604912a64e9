"""What dialects know of the compiler without asking it."""

from servicescape.compile import names
from servicescape.compile.names import RESERVED_ALERT_LABELS
from servicescape.compile.naming import RESERVED_INFO_LABELS
from servicescape.compile.neighbours import Neighbours
from servicescape.compile.options import CompileOptions
from servicescape.compile.plan import plan_slo
from servicescape.dialects.words import INFO_LABELS, RESERVED_LABELS
from tests.support.slo_catalogs import catalog, slo


def test_reserved_labels_are_those_of_the_compiler() -> None:
    assert RESERVED_LABELS == RESERVED_ALERT_LABELS


def test_reserved_labels_of_the_info_series_are_those_of_the_compiler() -> None:
    one = slo()
    within = catalog(one)
    plan = plan_slo(one, within, Neighbours(within), CompileOptions()).plan
    assert plan is not None
    assert {*RESERVED_INFO_LABELS, *plan.info, names.DASHBOARD_UID} == INFO_LABELS
