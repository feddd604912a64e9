"""The Indicators of the library as Markdown: for `explain`, and for the page in `docs/`."""

import textwrap
from typing import Any

from servicescape.library import EXAMPLE, library_indicator, library_names
from servicescape.model.names import LIBRARY_NAMESPACE
from servicescape.model.slo import Indicator, IndicatorSpec

_HEAD = """# Indicators that come with the tool

An SLO says what it promises; an [Indicator](language.md#indicator) says how that is measured. For stacks that many have
there is one ready to use, so that nobody has to look up metrics and labels again:

```yaml
spec:
  slos:
    - objective: 99.9
      indicator: {use: servicescape/http-availability, with: {job: basket}}
```

They stand in the namespace `servicescape`, which is theirs alone (`REF209`), and are there without being defined or
downloaded. `servicescape explain servicescape` lists them, and `servicescape explain servicescape/http-availability`
prints one. Where one nearly fits, copy its query into an Indicator of your own.

An SLO is about availability unless it says otherwise: with an Indicator for latency write `measures: latency`, with one
for freshness `measures: freshness`.

A parameter without a default must be given. The type says what a value may be: a `text` matches itself alone, however
many dots it has; a `regex` is a regular expression; `number`, `duration` and `name` (of a metric or label) are checked
by `validate`. Values are text, so put numbers into quotes: `most: "5000"`.

"""


def indicators_page() -> str:
    """The page in `docs/`."""
    shown = [library_indicator(name).entity for name in library_names()]
    rows = "".join(
        f"| [`{each.metadata.name}`](#{each.metadata.name}) | {each.title} | {each.spec.measures} |\n" for each in shown
    )
    table = f"| `servicescape/…` | good is | measures |\n|---|---|---|\n{rows}"
    parts = [f"## {each.metadata.name}\n\n{_body(each)}" for each in shown]
    return f"{_HEAD}{table}\n" + "\n".join(parts)


def indicator_page(name: str) -> str:
    """One Indicator."""
    entity = library_indicator(name).entity
    return f"# {LIBRARY_NAMESPACE}/{name}\n\n{_body(entity)}"


def indicator_lines() -> list[str]:
    """A line for each Indicator: how it is named, what it measures and what it is."""
    shown = [library_indicator(name).entity for name in library_names()]
    width = max(len(name) for name in library_names()) + len(LIBRARY_NAMESPACE) + 1
    return [
        f"{f'{LIBRARY_NAMESPACE}/{each.metadata.name}':<{width}}  {each.spec.measures:<12}  {each.title}"
        for each in shown
    ]


def indicator_facts(name: str) -> dict[str, Any]:
    """One Indicator for programs."""
    entity = library_indicator(name).entity
    return {
        "name": f"{LIBRARY_NAMESPACE}/{name}",
        "title": entity.title,
        "description": entity.metadata.description,
        "measures": entity.spec.measures,
        "params": {
            each: {"type": parameter.type, "description": parameter.description, "default": parameter.default}
            for each, parameter in entity.spec.params.items()
        },
        "example": dict(library_indicator(name).authors_own[EXAMPLE]),
        "links": [link.url for link in entity.metadata.links],
    }


def _body(entity: Indicator) -> str:
    name, spec = entity.metadata.name, entity.spec
    example = ", ".join(
        f"{each}: {_scalar(value)}" for each, value in library_indicator(name).authors_own[EXAMPLE].items()
    )
    use = f"indicator: {{use: {LIBRARY_NAMESPACE}/{name}, with: {{{example}}}}}"
    measures = "" if spec.measures == "availability" else f"measures: {spec.measures}\n"
    rows = "".join(
        f"| `{each}` | {parameter.type} | {parameter.description} | {_default(parameter.default)} |\n"
        for each, parameter in spec.params.items()
    )
    links = ", ".join(f"[{link.title}]({link.url})" for link in entity.metadata.links)
    return (
        f"{_wrapped(f'**{entity.title}.** {entity.metadata.description}')}\n\n"
        f"```yaml\n{measures}{use}\n```\n\n"
        f"| parameter | type | what to put there | default |\n|---|---|---|---|\n{rows}\n"
        f"```\n{_query(spec)}\n```\n\n"
        f"Metrics: {links}\n"
    )


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False)


def _default(value: str | None) -> str:
    if value is None:
        return "required"
    return f"`{value}`".replace("|", "\\|")


def _scalar(value: str) -> str:
    plain = value.replace("-", "").replace("_", "").replace(".", "").replace("/", "").isalnum() and value[0].isalpha()
    return value if plain else f'"{value}"'


def _query(spec: IndicatorSpec) -> str:
    if spec.ratio is not None:
        return f"bad\n{_indented(spec.ratio.bad or '')}\ntotal\n{_indented(spec.ratio.total)}"
    if spec.latency is not None:
        matchers = ", ".join(f'{label}="{value}"' for label, value in spec.latency.matchers.items())
        return f"histogram\n{_indented(f'{spec.latency.histogram}{{{matchers}}}, below {spec.latency.below}')}"
    return f"gauge: 1 is good\n{_indented(spec.gauge or spec.error_ratio or '')}"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))
