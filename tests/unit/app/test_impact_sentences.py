from textwrap import dedent

from servicescape.app.impact import impact_sentences
from tests.support.loading import read_text

HEAD = """
apiVersion: servicescape/v1
kind: Team
metadata: {name: shop}
---
apiVersion: servicescape/v1
kind: Channel
metadata: {name: web, title: Web}
spec: {mode: self-service}
---
apiVersion: servicescape/v1
kind: Channel
metadata: {name: phone, title: Phone}
spec: {mode: live}
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: basket, title: Basket}
spec: {owner: shop}
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: spare, title: Spare}
spec: {owner: shop}
"""


def journey(title: str, legs: str, demand: str = "", *, optional: bool = False) -> str:
    return dedent(
        f"""
        ---
        apiVersion: servicescape/v1
        kind: Journey
        metadata: {{name: {title.lower()}, title: {title}}}
        spec:
          owner: shop
          demand: {{{demand}}}
          steps: [{{name: go, optional: {str(optional).lower()}, legs: [{legs}]}}]
        """
    ).lstrip("\n")


ONE_WAY = "{channel: web, uses: [basket]}"
TWO_WAYS = f"{ONE_WAY}, {{channel: phone}}"


def sentence(*journeys: str, of: str = "service:basket") -> str | None:
    read = read_text(HEAD.lstrip("\n") + "".join(journeys))
    assert read.findings == []
    return impact_sentences(read.catalog, [of]).get(of)


def test_what_is_hit_alike_is_said_together() -> None:
    assert sentence(journey("Buy", ONE_WAY, "perHour: 1000"), journey("Cancel", ONE_WAY, "perHour: 240.4")) == (
        "Without Basket: Buy and Cancel are blocked (about 1,240 attempts an hour)."
    )
    assert sentence(journey("Buy", ONE_WAY), journey("Pay", TWO_WAYS), journey("Track", ONE_WAY, optional=True)) == (
        "Without Basket: Buy is blocked; Pay falls back to Phone; Track is degraded."
    )


def test_demand_that_not_all_tell_is_a_least() -> None:
    assert sentence(journey("Buy", ONE_WAY, "perHour: 10"), journey("Cancel", ONE_WAY)) == (
        "Without Basket: Buy and Cancel are blocked (at least 10 attempts an hour)."
    )


def test_of_many_some_are_named() -> None:
    four = [journey(title, ONE_WAY) for title in ("A", "B", "C", "D")]
    assert sentence(*four) == "Without Basket: A, B, C and D are blocked."
    assert sentence(*four, journey("E", ONE_WAY)) == "Without Basket: A, B, C and 2 more are blocked."


def test_nobody_is_hit_or_there_is_nobody() -> None:
    assert sentence(journey("Buy", ONE_WAY), of="service:spare") == "No customer journey is hit if only Spare fails."
    assert sentence() is None


def test_a_journey_tells_its_demand() -> None:
    busy = journey("Buy", ONE_WAY, "perHour: 420, peakPerHour: 2600")
    assert sentence(busy, of="journey:buy") == "Buy: about 420 attempts an hour, 2,600 at peak."
    assert sentence(journey("Buy", ONE_WAY, "perHour: 420"), of="journey:buy") == "Buy: about 420 attempts an hour."
    assert sentence(journey("Buy", ONE_WAY), of="journey:buy") is None
