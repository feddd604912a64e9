"""SLOs to Prometheus rules and their tests."""

from dataclasses import dataclass

from servicescape.app.impact import impact_sentences
from servicescape.app.load import Loaded
from servicescape.compile.options import CompileOptions
from servicescape.compile.prometheus import CompiledRules, compile_prometheus


@dataclass(frozen=True, slots=True)
class Compiled:
    """Rules and tests as files, and what was left out."""

    rules: CompiledRules
    slos: int
    """SLOs that became rules."""

    @property
    def files(self) -> dict[str, str]:
        """All files by path, relative to the folder they are written to."""
        return {**self.rules.files, **self.rules.tests}


def compile_rules(loaded: Loaded) -> Compiled:
    """Compiles every SLO of a catalog, with the impact on customers in each alert."""
    catalog = loaded.catalog
    wanted = {slo.target for slo in catalog.slos.values()}
    sentences = impact_sentences(catalog, wanted)
    rules = compile_prometheus(catalog, options=CompileOptions(), impact_of=sentences.get)
    left_out = {entry.slo for entry in rules.uncompiled if not entry.part}
    return Compiled(rules, len(catalog.slos) - len(left_out))
