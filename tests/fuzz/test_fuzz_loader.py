"""A short run of the fuzzer, and that it would notice."""

import pytest

from servicescape.diagnostics import Diagnostic, Span
from tests.fuzz import fuzz_loader


def test_a_thousand_inputs_find_no_fault_of_ours() -> None:
    count, findings, _ = fuzz_loader.run(seed=7, count=1000)
    assert count == 1000
    assert findings > 500


def test_the_same_seed_gives_the_same_inputs() -> None:
    assert list(fuzz_loader.inputs(3, 50)) == list(fuzz_loader.inputs(3, 50))


@pytest.mark.parametrize(("code", "line"), [("XXX999", 1), ("REF201", 9)])
def test_a_finding_without_rule_or_place_is_noticed(code: str, line: int) -> None:
    finding = Diagnostic(code=code, message="m", file="in.yaml", span=Span.at(line, 1))
    with pytest.raises(AssertionError):
        fuzz_loader.check_places([finding], "one line\n")
