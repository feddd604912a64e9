"""One journey as a sequence of messages, before any format: who asks whom in each step, and what happens otherwise."""

from collections.abc import Sequence as Items
from typing import Literal

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Journey, Leg, Step
from servicescape.diagnostics.records import record
from servicescape.render.diagram import NodeKind
from servicescape.render.journeys import OFFERED, asked_again

CUSTOMER = "customer:"
OTHERWISE = "nothing of this works"
"""Condition of what is left where no way works."""


@record()
class Participant:
    """One lifeline."""

    id: str
    kind: NodeKind
    title: str


@record()
class Message:
    """One arrow between two lifelines."""

    source: str
    target: str
    text: str


@record()
class Note:
    """Words beside a lifeline: `hand-over` brings something along, `again` asks the customer a second time."""

    about: str
    sort: Literal["hand-over", "again", "end"]
    text: str


@record()
class Way:
    """What happens where the customer goes this way."""

    condition: str
    items: tuple[Message | Note, ...]


@record()
class Part:
    """One step: its ways, best first, and what is left where none works."""

    title: str
    condition: str
    """When it happens at all; empty where it always does."""
    ways: tuple[Way, ...]
    otherwise: tuple[Note, ...]


@record()
class Sequence:
    """A whole journey."""

    title: str
    participants: tuple[Participant, ...]
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()
    """Small print."""

    def description(self) -> str:
        """The picture in a sentence or two, for those who do not see it."""
        steps = " → ".join(part.title for part in self.parts)
        return ". ".join([f"{steps}. Messages between {len(self.participants)} participants", *self.notes])


def sequence_of(catalog: Catalog, ref: str) -> Sequence:
    """The messages of a journey. What components need among themselves is left to other pictures."""
    journey = catalog.journeys[ref]
    parts = []
    asked: list[str] = []
    for number, step in enumerate(journey.steps, 1):
        parts.append(_part(catalog, step, number, asked))
        asked += [item for item in step.collects if item not in asked]
    return Sequence(journey.title, _participants(catalog, journey), tuple(parts))


def _participants(catalog: Catalog, journey: Journey) -> tuple[Participant, ...]:
    """The customer, the channels, then the components, each in the order in which they come in."""
    legs = [leg for step in journey.steps for leg in step.legs]
    channels = dict.fromkeys(leg.channel for leg in legs)
    used = dict.fromkeys(ref for leg in legs for ref in (*([leg.via] if leg.via else []), *leg.uses))
    kinds: dict[str, NodeKind] = {"Service": "service", "Platform": "platform", "External": "external"}
    customer = Participant(CUSTOMER, "customer", journey.persona or "Customer")
    doors = [Participant(one, "channel", catalog.title(one)) for one in channels]
    return (
        customer,
        *doors,
        *(Participant(one, kinds[catalog.components[one].kind], catalog.title(one)) for one in used),
    )


def _part(catalog: Catalog, step: Step, number: int, asked: Items[str]) -> Part:
    ways = []
    for index, leg in enumerate(step.legs):
        title = catalog.title(leg.channel)
        condition = f"by {title}, where {_gone(catalog, step, index)}" if index else f"by {title}"
        ways.append(Way(condition, tuple(_items(catalog, step, leg, index, asked))))
    condition = ", ".join(
        [
            *(["if wanted"] if step.optional else []),
            *([f"{step.share * 100:.3g} % of attempts"] if step.share < 1 else []),
        ]
    )
    left = "Left out" if step.optional else "Blocked"
    text = f"{left}. The customer sees: {step.customer_sees}" if step.customer_sees else left
    return Part(f"{number} {step.title}", condition, tuple(ways), (Note(CUSTOMER, "end", text),))


def _gone(catalog: Catalog, step: Step, index: int) -> str:
    """What must have failed before this way is taken."""
    if index == 1:
        return f"{catalog.title(step.legs[0].channel)} does not work"
    return "none of those before works"


def _items(catalog: Catalog, step: Step, leg: Leg, index: int, asked: Items[str]) -> list[Message | Note]:
    items: list[Message | Note] = []
    if index:
        items += _hand_over(catalog, leg, asked)
    given = f"{step.title}: {_said(step.collects)}" if step.collects else step.title
    items.append(Message(CUSTOMER, leg.channel, given))
    items += [Message(leg.channel, used, "uses") for used in dict.fromkeys(leg.uses)]
    return items


def _hand_over(catalog: Catalog, leg: Leg, asked: Items[str]) -> list[Message | Note]:
    """How the customer comes to a further way, what is carried there, and what must be said again."""
    items: list[Message | Note] = []
    how = {"automatic": "The customer is moved over"}.get(leg.offered or "", "")
    how = how or (f"This way {OFFERED[leg.offered]}" if leg.offered else "The customer goes this way")
    items.append(Note(CUSTOMER, "hand-over", how))
    if leg.carries and leg.via:
        items.append(Message(leg.via, leg.channel, f"carries {_said(leg.carries)}"))
    elif leg.carries:
        items.append(Note(leg.channel, "hand-over", f"carried along: {_said(leg.carries)}"))
    again = asked_again(leg, asked)
    if again:
        items.append(Note(CUSTOMER, "again", f"Says again: {_said(again)}"))
    return items


def _said(items: Items[str]) -> str:
    return ", ".join(item.replace("-", " ") for item in items)
