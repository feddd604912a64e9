"""Reads Structurizr DSL as its own parser does, and refuses what that refuses.

Of the language it knows what diagrams are written in: software systems and people with links, groups, relationships,
one system landscape, styles. The rules were taken from the sources of Structurizr's DSL parser and of its model: how
many tokens each line may have, which values they take, what must be unique, and what must exist before it is named.
"""

import re
from dataclasses import dataclass, field

from tests.support.format_tools import structurizr_tokens

_SHAPES = ("box", "roundedbox", "circle", "ellipse", "hexagon", "person", "folder", "cylinder", "pipe", "component")
_LINES = ("solid", "dashed", "dotted")
_PROPERTIES: dict[str, dict[str, str]] = {
    "elementStyle": {
        "shape": "|".join(_SHAPES),
        "border": "|".join(_LINES),
        "background": "#[0-9a-f]{6}",
        "stroke": "#[0-9a-f]{6}",
        "color": "#[0-9a-f]{6}",
    },
    "relationshipStyle": {"style": "|".join(_LINES), "color": "#[0-9a-f]{6}", "thickness": "[1-9][0-9]*"},
    "element": {"url": r"https?://\S+"},
    "systemLandscape": {"title": ".*", "include": r"\*", "autoLayout": "tb|bt|lr|rl"},
}
"""Context → keyword → what its one value must be, whatever the case."""


@dataclass(slots=True)
class Workspace:
    """What was read."""

    name: str = ""
    elements: dict[str, str] = field(default_factory=dict)
    """Identifier → name."""
    home: dict[str, str] = field(default_factory=dict)
    """Identifier → group."""
    tags: set[str] = field(default_factory=set)
    relations: list[tuple[str, str, str]] = field(default_factory=list)
    """Source, destination, description."""
    styled: set[str] = field(default_factory=set)
    views: list[str] = field(default_factory=list)


def read_workspace(text: str) -> Workspace:
    """The workspace of a text. Fails where Structurizr would."""
    found = Workspace()
    contexts: list[str] = []
    group = ""
    for tokens in structurizr_tokens(text):
        if not tokens:
            continue
        if tokens == ["}"]:
            assert contexts, "a brace too many"
            if contexts.pop() == "group":
                group = ""
            continue
        opens = tokens[-1] == "{"
        words = tokens[:-1] if opens else tokens
        context = contexts[-1] if contexts else ""
        entered = _line(found, context, words, group)
        assert (entered is not None) == opens, tokens
        if entered is not None:
            contexts.append(entered)
            if entered == "group":
                group = words[1]
    assert not contexts, f"{contexts[-1]} does not end"
    assert found.views, "there is nothing to see"
    return found


def _line(found: Workspace, context: str, words: list[str], group: str) -> str | None:
    """Takes one line; answers which context it opens."""
    keyword = words[0]
    if context in _PROPERTIES:
        assert keyword in _PROPERTIES[context], f"`{keyword}` is not known in {context}"
        assert len(words) == 2, words
        assert re.fullmatch(_PROPERTIES[context][keyword], words[1], re.IGNORECASE), words
        return None
    if context == "":
        assert keyword == "workspace", keyword
        assert len(words) <= 3, words
        found.name = words[1]
        return "workspace"
    if context == "workspace":
        assert words in (["model"], ["views"]), words
        return keyword
    if context in ("model", "group"):
        return _model(found, context, words, group)
    if context == "views":
        return _view(found, words)
    assert context == "styles", context
    assert keyword in ("element", "relationship"), keyword
    assert len(words) == 2, words
    assert words[1], "a tag must be specified"
    mark = f"{keyword} {words[1]}"
    assert mark not in found.styled, f"a style for {mark} already exists"
    found.styled.add(mark)
    return f"{keyword}Style"


def _model(found: Workspace, context: str, words: list[str], group: str) -> str | None:
    if words[0] == "group":
        assert context == "model", "a group within a group needs a separator"
        assert len(words) == 2, words
        assert words[1].strip(), "a group needs a name"
        assert words[1] not in found.home.values(), "two groups of one name are one group"
        return "group"
    if len(words) > 1 and words[1] == "->":
        assert 3 <= len(words) <= 6, words
        for end in (words[0], words[2]):
            assert end.lower() in found.elements, f"the element {end} does not exist"
        relation = (words[0], words[2], words[3] if len(words) > 3 else "")
        assert relation not in found.relations, f"the relationship {relation} already exists"
        found.relations.append(relation)
        found.tags.update(f"relationship {tag}" for tag in (words[5].split(",") if len(words) > 5 else ()))
        return None
    assert words[1] == "=", words
    assert words[2] in ("softwareSystem", "person"), words
    assert 4 <= len(words) <= 6, words
    identifier, name = words[0].lower(), words[3]
    assert re.fullmatch("[a-z0-9_]+", identifier), f"identifiers can only contain letters, digits and _: {identifier}"
    assert identifier not in found.elements, f"the identifier {identifier} is already in use"
    assert name.strip(), "a name must be specified"
    assert name not in found.elements.values(), f"an element named {name} already exists"
    found.elements[identifier] = name
    if group:
        found.home[identifier] = group
    found.tags.update(f"element {tag}" for tag in (words[5].split(",") if len(words) > 5 else ()))
    return "element"


def _view(found: Workspace, words: list[str]) -> str:
    if words == ["styles"]:
        return "styles"
    assert words[0] == "systemLandscape", words
    assert 2 <= len(words) <= 3, words
    assert re.fullmatch("[a-zA-Z0-9_-]+", words[1]), "keys can only contain letters, digits, _ and -"
    assert words[1] not in found.views, "a view with this key already exists"
    found.views.append(words[1])
    return "systemLandscape"
