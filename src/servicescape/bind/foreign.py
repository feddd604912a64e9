"""Documents of other tools as entities: what their dialects make of them, held against the catalog's own models."""

from dataclasses import replace

from pydantic import ValidationError

from servicescape.bind.entities import Bound
from servicescape.bind.located import Located
from servicescape.diagnostics import Diagnostic, Span
from servicescape.dialects.draft import Draft
from servicescape.model.components import GuessedService, ImpliedService
from servicescape.model.entity import Entity
from servicescape.model.kinds import KINDS
from servicescape.model.names import COMPONENT_KINDS


def bind_foreign(into: Bound, *, keeps_sloths_names: bool = False) -> None:
    """Adds the entities of all foreign documents, which may refer to each other, and what is to be said of them.

    What changes because rules call things otherwise than Sloth is not said where `keeps_sloths_names`.
    """
    if not into.foreign:
        return
    from servicescape.dialects.registry import translate

    translation = translate(into.foreign, keeps_sloths_names=keeps_sloths_names)
    into.diagnostics.extend(translation.diagnostics)
    into.broken.extend(translation.broken)
    for draft in translation.drafts:
        if not draft.implied:
            _bind(draft, into)
    taken = _names_of_components(into)
    described = frozenset(taken)
    for draft in sorted((each for each in translation.drafts if each.implied), key=_rank):
        # Whatever the catalog says of a component counts, and of those who only name it the first.
        name = draft.identity[1:]
        if name not in taken:
            taken.add(name)
            _bind(draft, into)
        if draft.guess is not None:
            into.diagnostics.append(draft.guess if name in described else _of_nobody(draft.guess, name[1]))


def _of_nobody(guess: Diagnostic, name: str) -> Diagnostic:
    """What is said of a guess that leads to nothing in the catalog: one fault, and so one finding for both."""
    return replace(
        guess,
        label=f"{guess.label}, and nothing in the catalog is called so",
        help=f"{guess.help}; or describe `{name}` as a Service with its `owner`",
    )


def _rank(draft: Draft) -> tuple[bool, bool, str, Span]:
    """Those that are no guess come first, then those that say more than a name, then by place."""
    return (
        draft.guess is not None,
        len(draft.value["metadata"]) == 1,
        draft.places.file,
        draft.places.value_span(("metadata", "name")),
    )


def _names_of_components(into: Bound) -> set[tuple[str, str]]:
    """Namespace and name of everything that can fail, old names included."""
    taken = {(namespace, name) for kind, namespace, name in into.broken if kind in COMPONENT_KINDS}
    for located in into.entities:
        if located.key[0] in COMPONENT_KINDS:
            metadata = located.entity.metadata
            taken.update((metadata.namespace, name) for name in (metadata.name, *metadata.aliases))
    return taken


def _bind(draft: Draft, into: Bound) -> None:
    model: type[Entity] = KINDS[draft.value["kind"]]
    if draft.implied:
        model = ImpliedService if draft.guess is None else GuessedService
    try:
        into.entities.append(Located(model.model_validate(draft.value), draft.places))
    except ValidationError as error:
        into.broken.append(draft.identity)
        for fault in error.errors():
            path = tuple(step for step in fault["loc"] if step not in ("text", "mapping"))
            into.diagnostics.append(
                Diagnostic(
                    code="DIA153",
                    message=f"the catalog cannot hold this value: {fault['msg']}",
                    file=draft.places.file,
                    span=draft.places.value_span(path),
                    label=f"becomes `{'.'.join(map(str, path))}`",
                    help="write another value",
                    entity=None,
                )
            )
