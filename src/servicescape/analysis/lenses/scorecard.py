"""All lenses together: a card for every journey, team and platform."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from servicescape.analysis.lenses.definitions import DEFINITIONS, LENSES
from servicescape.analysis.lenses.facts import Facts, Subject
from servicescape.analysis.lenses.journey_figures import journey_figures
from servicescape.analysis.lenses.levels import judge
from servicescape.analysis.lenses.part_figures import part_figures
from servicescape.analysis.lenses.results import Card, Figure, Finding, Improvements
from servicescape.catalog.catalog import Catalog

_ORDER = {name: number for number, name in enumerate(DEFINITIONS)}


def card(facts: Facts, subject: Subject, findings: Sequence[Finding], improvements: Improvements | None) -> Card:
    """The card of one subject; `findings` are all that belong to any lens."""
    catalog = facts.catalog
    about = entities_of(catalog, subject)
    own = [each for each in findings if each.entity in about]
    figures = sorted(
        map(_told, (*journey_figures(facts, subject), *part_figures(facts, subject))),
        key=lambda each: _ORDER[each.figure],
    )
    level, conditions = judge(facts, subject, figures, own)
    return Card(
        ref=subject.ref,
        kind=subject.kind,
        title=catalog.title(subject.ref),
        owner=_owner(catalog, subject),
        parts=subject.parts,
        journeys=subject.journeys,
        level=level,
        conditions=conditions,
        figures=tuple(figures),
        findings=tuple(_by_lens(own)),
        improvements=improvements,
    )


def _told(figure: Figure) -> Figure:
    """The figure, with a note where it is a share of nothing."""
    if figure.of == 0 and figure.note is None:
        return replace(figure, note="there is none")
    return figure


def entities_of(catalog: Catalog, subject: Subject) -> frozenset[str]:
    """Entities whose findings belong to a subject: its parts and journeys, their SLOs, and the teams that own them."""
    found = {subject.ref, *subject.parts}
    if subject.kind != "platform":
        found.update(subject.journeys)
    found.update(slo.ref for slo in catalog.slos.values() if slo.target in found)
    owners = {catalog.components[ref].owner for ref in subject.parts}
    owners.update(catalog.journeys[ref].owner for ref in subject.journeys if subject.kind != "platform")
    found.update(owner for owner in owners if owner is not None)
    return frozenset(found)


def _owner(catalog: Catalog, subject: Subject) -> str | None:
    if subject.kind == "journey":
        return catalog.journeys[subject.ref].owner
    return catalog.components[subject.ref].owner if subject.kind == "platform" else subject.ref


def _by_lens(findings: Iterable[Finding]) -> Iterable[tuple[str, tuple[Finding, ...]]]:
    grouped: dict[str, list[Finding]] = {}
    for each in findings:
        grouped.setdefault(each.code, []).append(each)
    for lens, (_, codes) in LENSES.items():
        found = tuple(each for code in codes for each in grouped.get(code, ()))
        if found:
            yield lens, found
