"""What the customer has said before a hand-over, and what of it is lost there."""

from collections.abc import Iterator
from dataclasses import dataclass

from servicescape.catalog.graph import Journey, Leg, Step


@dataclass(frozen=True, slots=True)
class HandOver:
    """A later leg of a step: the customer may come to it from another one."""

    step: Step
    leg: Leg
    lost: tuple[str, ...]
    """Data items that earlier steps collect and that the leg does not carry."""

    @property
    def changes_channel(self) -> bool:
        """Whether it lies in another channel than the first leg of its step."""
        return self.leg.channel != self.step.legs[0].channel


def hand_overs(journey: Journey) -> Iterator[HandOver]:
    """Every leg after the first of its step, in the author's order."""
    collected: dict[str, None] = {}
    for step in journey.steps:
        for leg in step.legs[1:]:
            yield HandOver(step, leg, tuple(item for item in collected if item not in leg.carries))
        collected.update(dict.fromkeys(step.collects))
