"""What targets are given, and what they make of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from servicescape.compile import names
from servicescape.compile.rule import Group

HEADER = """Written by servicescape from the service catalog; changes made here are lost.
How to read it: the two rates are read from the service's own metrics, and every window is derived from them. A rate
over five minutes looks five minutes back, so its samples of the last 55 minutes reach back one hour. What lies near the
end or the beginning of the hour is in fewer of them; therefore the last and the first sample count more."""


@dataclass(frozen=True, slots=True)
class RuleFile:
    """Rules of one component or journey, before they become text."""

    path: str
    """Relative, with forward slashes: `rules/TEAM/COMPONENT.yaml`."""
    target: str
    """Reference of the component or journey."""
    team: str
    """Label value of the team; empty where nobody owns it."""
    shard: int | None
    """Server that evaluates them; None where there is only one."""
    groups: tuple[Group, ...]

    @property
    def stable_name(self) -> str:
        """A name that stays the same when the owner changes: `component.basket`, `journey.shop.buy`.

        Names of the catalog have no dots, so that two are never the same.
        """
        kind = "journey" if self.target.startswith("journey:") else "component"
        return f"{kind}.{names.label_of(self.target).replace('/', '.')}"


@dataclass(frozen=True, slots=True)
class Written:
    """Rule files of a target."""

    files: Mapping[str, str]
    """Path → text, sorted."""
    remarks: tuple[str, ...] = ()
    """What those who run the ruler should know; a sentence each."""
