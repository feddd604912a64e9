"""What `--explain` can tell: figures, levels, and how improvements are found."""

from collections.abc import Iterator

from servicescape.analysis.lenses.changes import COSTS
from servicescape.analysis.lenses.definitions import DEFINITIONS, LENSES
from servicescape.analysis.lenses.improvements import MOST_TRIED
from servicescape.analysis.lenses.levels import CONDITIONS

OTHER_TOPICS = ("levels", "improvements")
TOPICS = (*DEFINITIONS, *OTHER_TOPICS)
"""Everything that can be explained."""

_CHANGES = {
    "soften": "a hard dependency on a service or external becomes soft (not on datastores, queues, networks, "
    "infrastructure and platforms, which nothing can do without)",
    "leg-without": "people in a live channel do a step without one of the parts that the leg uses, by hand",
    "new-leg": "a live channel of the journey takes over a step that no person does yet, with nothing but what the "
    "channel runs on",
    "fallback": "a stand-in for a service that masters no data and is no datastore: as available as it, on the "
    "same platform, and needing nothing else",
    "second-provider": "a second external beside one, as available and independent, either of which is enough",
    "one-more-nine": "a part fails by itself a tenth of the time it does now",
}


def explanation(topic: str) -> Iterator[str]:
    """Paragraphs about a topic; those that begin with `- ` are items of a list."""
    if topic == "levels":
        yield from _levels()
    elif topic == "improvements":
        yield from _improvements()
    else:
        definition = DEFINITIONS[topic]
        lens, codes = LENSES[definition.lens]
        yield f"{topic}: how many {definition.says} ({lens})"
        yield definition.meaning
        asking = [
            f"{level} of a {kind}"
            for kind, levels in CONDITIONS.items()
            for level, wanted in levels.items()
            if any(each.name == topic for each in wanted)
        ]
        if asking:
            yield f"Asked for by {', '.join(asking)}."
        yield f"Rules of this lens: {', '.join(codes)}. `servicescape explain CODE` tells of each."


def _levels() -> Iterator[str]:
    yield (
        "A level is reached where all its conditions hold, and those of the levels below it. Nothing is averaged or "
        "weighed: what lacks is named. A condition about all of nothing holds. The table `score` of the settings moves "
        "a condition to another level, or takes it out, and says how many percent are enough; by default:"
    )
    for kind, levels in CONDITIONS.items():
        for level, wanted in levels.items():
            yield f"{kind.capitalize()}, {level}:"
            for each in wanted:
                rules = f" (no finding of {', '.join(each.codes)})" if each.codes else ""
                yield f"- {each.name}: {each.wants}{rules}"


def _improvements() -> Iterator[str]:
    yield (
        "Changes are made to the catalog one by one, and the prediction is run again with each: what it says is saved "
        "is the difference in attempts lost a year, times the journey's `value` where it has one. Meanwhile every "
        "other part stays as available by itself as it is now."
    )
    yield "What is tried, with its class of effort, and how many of each for a journey, the likeliest parts first:"
    for kind, meaning in _CHANGES.items():
        yield f"- {kind}, effort {COSTS[kind]}, at most {MOST_TRIED[kind]}: {meaning}"
    yield (
        "Effort goes by the kind of change alone: 1 a day, to try what exists; 2 one team, with what is there; 3 "
        "several teams, or a new part; 4 a contract, or engineering for months. Whether a change is possible is for "
        "you to say: the tool knows what it would save, not what the software can do."
    )
    yield (
        "Shown are three: first changes that no other outdoes, by saving as much for as little effort, then those that "
        "only these outdo. What saves less than a hundredth of the attempts lost is left out. The same change in "
        "another channel counts once, as the better of the two."
    )
    yield (
        "Ways that were never tried, or not within a year, stand apart: trying them saves nothing by the figures, "
        "which take them to work. The attempts that rest on one are those that would be lost more without it."
    )
