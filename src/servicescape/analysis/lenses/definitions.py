"""What every figure means, which lens it belongs to, and which rules of `validate` look at the same thing."""

from dataclasses import dataclass

LENSES: dict[str, tuple[str, tuple[str, ...]]] = {
    "continuity": (
        "Continuity",
        ("CTY811", "CTY812", "CTY813", "JRN601", "JRN607", "JRN609", "JRN610"),
    ),
    "resilience": (
        "Shared fate and resilience",
        ("DEP504", "DEP505", "DEP506", "DEP510", "JRN603", "JRN608", "SCN701", "SCN702"),
    ),
    "parity": ("Parity", ("OWN301", "OWN303", "PAR821", "PAR822", "PAR823", "PAR824", "PAR825")),
    "feasibility": ("Feasibility", ("DEP501", "SLO420")),
    "construction": ("Under construction", ("DEP502", "JRN604")),
    "one-view": ("One view of the customer", ("DAT831", "DAT832")),
    "complexity": ("Complexity", ("CPX841", "CPX845", "CPX846", "REF207")),
    "firefighting": ("Firefighting", ("OWN303", "PAR822", "PAR824")),
}
"""Lens → its title, and the rules whose findings belong to it."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What one figure means."""

    lens: str
    title: str
    """What stands before it in a table."""
    says: str
    """The words after `7 of 9`, or after a plain number."""
    one: str = ""
    """The same where it is a single one; empty where nothing changes."""
    meaning: str = ""
    """How it is worked out, in full sentences."""


_PARTS = (
    "Counted are parts in service: not those that are planned or retired, nor those that are only named. "
    "Behind the total stand two more: parts that customers meet (a leg uses them, a channel runs on them, or they "
    "carry what was collected) and parts behind the line of visibility."
)

DEFINITIONS: dict[str, Definition] = {
    "ways-out": Definition(
        "continuity",
        "a way out",
        "mandatory steps have a bot or a person to turn to",
        meaning="Mandatory steps with at least one leg in an assisted or live channel. The others are dead ends when "
        "self-service fails (JRN601).",
    ),
    "at-night": Definition(
        "continuity",
        "at any hour",
        "ways out are open at any hour",
        meaning="Of the mandatory steps with a way out, those with one in a channel without `hours`, or with 24/7. The "
        "others name when people go home; whether that matters is for you to say, so no rule reports it.",
    ),
    "carried": Definition(
        "continuity",
        "carried over",
        "hand-overs bring along all that the customer has said",
        meaning="A hand-over is a leg in another channel than the step's first. It is complete where it carries every "
        "data item that earlier steps collect. What is missing must be asked again; CTY811 reports it where "
        "customers are moved without being asked.",
    ),
    "tested": Definition(
        "continuity",
        "tried",
        "other ways were tried within a year",
        meaning="Legs after the first with a `tested` day not more than 365 days before the day of the run "
        "(SOURCE_DATE_EPOCH sets it).",
    ),
    "offered": Definition(
        "continuity",
        "offered",
        "ways out are offered to the customer",
        meaning="Legs after the first in assisted or live channels that are `offered: automatic` or `offered`, or "
        "whose step says what the customer is told (`onFailure.customerSees`). The rest must be found.",
    ),
    "room": Definition(
        "continuity",
        "room",
        "channels could take their customers at the peak",
        meaning="For each channel that is the next one after the first of some step: the attempts of these journeys "
        "in their busiest hour, each journey counted once, at the largest share of a step that moves there. That is "
        "the flood when all first ways fail at once; it is held against `capacity`. Channels without capacity, and "
        "journeys without demand, are left out and named.",
    ),
    "alone": Definition(
        "resilience",
        "single points",
        "parts block a journey by themselves",
        "part blocks a journey by itself",
        meaning="Parts whose own failure alone blocks a mandatory step of a journey: the minimal cut sets of order 1 "
        "of `servicescape predict`.",
    ),
    "rehearsed": Definition(
        "resilience",
        "rehearsed",
        "single points are failed in a scenario",
        meaning="Of those single points, the ones that some Scenario fails (in `fail`, or by its group).",
    ),
    "scenarios": Definition(
        "resilience",
        "scenarios",
        "scenarios that touch it end as expected",
        meaning="Scenarios that fail or degrade one of its parts, and expect something; those whose expectations all "
        "hold. `servicescape test` shows the same.",
    ),
    "owner": Definition("parity", "owner", "have an owner", "has an owner", f"Parts with `owner`. {_PARTS}"),
    "slo": Definition(
        "parity",
        "SLO",
        "have an SLO",
        "has an SLO",
        f"Parts that an SLO is for; an external also by its `sla`. {_PARTS}",
    ),
    "alerts": Definition(
        "parity",
        "alerts",
        "alert somebody",
        "alerts somebody",
        "Services and platforms with an SLO whose pages or tickets are on. Externals are left out: nobody here can "
        f"mend them. {_PARTS}",
    ),
    "runbook": Definition(
        "parity", "runbook", "have a runbook", "has a runbook", f"Parts with `recovery.runbook`. {_PARTS}"
    ),
    "recovery": Definition(
        "parity",
        "recovery time",
        "say how long a repair takes",
        "says how long a repair takes",
        f"Parts with `recovery.mttr` or `recovery.rto`. {_PARTS}",
    ),
    "fallback": Definition(
        "parity",
        "fallback",
        "can be spared for a while",
        "can be spared for a while",
        "Parts whose failure takes nothing down at once: everything that needs them has a fallback, a spare member, "
        "a tolerance or is soft, and no mandatory step names them in each of its legs. " + _PARTS,
    ),
    "objective": Definition(
        "feasibility",
        "objectives",
        "objectives are met",
        "objective is met",
        meaning="Journeys with an objective whose predicted availability reaches it (`servicescape predict`). Missing "
        "are also those whose proven bounds leave it open.",
    ),
    "promises": Definition(
        "feasibility",
        "promises",
        "availability promises can be kept",
        meaning="SLOs for availability of its parts, of scope `total`, that what the parts need allows for (SLO420).",
    ),
    "production": Definition(
        "construction",
        "in production",
        "are in production",
        "is in production",
        meaning="Parts with `lifecycle: production`, of all that a journey in production needs. Planned, experimental, "
        "deprecated and retired parts are named.",
    ),
    "mastered": Definition(
        "one-view",
        "mastered once",
        "data items have one system of record",
        meaning="Data items that steps collect, or that its parts master: those that exactly one component in service "
        "masters. Missing are items that nobody masters, and those with two masters (DAT831, DAT832).",
    ),
    "parts": Definition("complexity", "parts", "parts", "part", "Components that it is judged by."),
    "teams": Definition("complexity", "teams", "teams own them", "team owns them", "Owners of its parts."),
    "vendors": Definition("complexity", "vendors", "vendors", "vendor", "Vendors of the externals among its parts."),
    "hand-overs": Definition(
        "complexity",
        "hand-overs",
        "hand-overs between channels",
        "hand-over between channels",
        "Legs in another channel than the first of their step.",
    ),
    "chain": Definition(
        "complexity",
        "longest chain",
        "hard dependencies in a row",
        "hard dependency in a row",
        "Links of the longest chain of hard dependencies that begins at one of its parts (CPX845).",
    ),
    "fan-in": Definition(
        "complexity",
        "most needed",
        "others need the part that most depend on",
        "other needs the part that most depend on",
        "The largest number of components that name one of its parts in `dependsOn` or `platform`.",
    ),
    "idle": Definition(
        "complexity",
        "for no journey",
        "parts that no journey needs",
        "part that no journey needs",
        "Parts from which no leg of a journey in production can be reached, by whatever kind of dependency.",
    ),
    "page-runbook": Definition(
        "firefighting",
        "pages with a runbook",
        "SLOs that page have a runbook",
        meaning="SLOs whose pages are on, and whose component has `recovery.runbook` (or whose page has the annotation "
        "`runbook_url`).",
    ),
    "calm": Definition(
        "firefighting",
        "calm",
        "heal themselves or can be spared",
        "heals itself or can be spared",
        "Parts with `recovery.selfHealing: true`, or with a fallback in the sense of that figure. The others need a "
        "person each time they fail.",
    ),
    "pages": Definition(
        "firefighting",
        "pages a week",
        "pages a week at most, were every budget spent",
        "page a week at most, were every budget spent",
        "For each SLO that pages: the smallest share of the budget that one page stands for, by its table of alert "
        "windows, is s = burn rate at which it fires × long window ÷ period. A period's whole budget pays for at most "
        "1/s pages, so that a week has at most (7 days ÷ period) ÷ s; with the default table (2 % within one hour) and "
        "30 days that is 11.7. It is a ceiling: one long outage spends the budget with a single page.",
    ),
}
"""Figure → what it means, in the order of a card."""


def lens_codes() -> tuple[str, ...]:
    """The codes of all rules that belong to a lens."""
    return tuple(sorted({code for _, codes in LENSES.values() for code in codes}))
