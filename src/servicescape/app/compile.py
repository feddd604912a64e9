"""SLOs to everything that monitors them: rules, their tests, and what stands around them."""

from collections.abc import Mapping
from dataclasses import dataclass

from servicescape.app.impact import impact_sentences
from servicescape.app.load import Loaded
from servicescape.compile.options import CompileOptions
from servicescape.compile.prometheus import CompiledRules, compile_prometheus

FOLDER = "monitoring"
"""Folder within the settings' output folder."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """Everything as files, in families of which each has a folder of its own, and what was left out."""

    rules: CompiledRules
    slos: int
    """SLOs that became rules."""
    families: Mapping[str, Mapping[str, str]]
    """Name of a family, such as `rules`, → path → text. Paths begin with the name of the family."""

    @property
    def files(self) -> dict[str, str]:
        """All files by path, relative to the folder they are written to."""
        return {path: text for family in self.families.values() for path, text in family.items()}


def compile_rules(loaded: Loaded) -> Compiled:
    """Compiles every SLO of a catalog, with the impact on customers in each alert."""
    catalog = loaded.catalog
    wanted = {slo.target for slo in catalog.slos.values()}
    sentences = impact_sentences(catalog, wanted)
    rules = compile_prometheus(catalog, options=CompileOptions(), impact_of=sentences.get)
    left_out = {entry.slo for entry in rules.uncompiled if not entry.part}
    families = {
        "rules": rules.files,
        "tests": rules.tests,
    }
    return Compiled(rules, len(catalog.slos) - len(left_out), families)
