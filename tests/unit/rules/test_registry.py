from servicescape.rules.registry import all_rules, find_rule, suggest_rule


def test_rules_are_in_the_order_of_their_codes() -> None:
    assert list(all_rules()) == sorted(all_rules())


def test_a_rule_is_found_by_code_and_by_name() -> None:
    assert find_rule("ref201") is all_rules()["REF201"]
    assert find_rule(" Unknown-Reference ") is all_rules()["REF201"]
    assert find_rule("REF999") is None


def test_a_slip_of_the_pen_gets_a_suggestion() -> None:
    assert suggest_rule("REF2O1") == "REF201"
    assert suggest_rule("unknown-refrence") == "REF201"
    assert suggest_rule("something-else-entirely") is None
