"""Everything that is wrong with a catalog, from memory where nothing has changed."""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from servicescape.app.recall import Outcome, Question, recall, remember
from servicescape.diagnostics.records import record
from servicescape.source.cache import Cache

if TYPE_CHECKING:
    from servicescape.app.baseline import Baseline
    from servicescape.app.check import Checked
    from servicescape.app.load import Loaded, Memory

BaselineOf = Callable[["Loaded"], "Baseline | None"]


@record()
class Request:
    """What the command line asks for."""

    paths: tuple[str, ...]
    today: date
    cwd: Path = field(default_factory=Path.cwd)
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, str] = field(default_factory=dict)
    baseline: tuple[str, ...] = ()
    """What the command line says of the baseline, in any fixed form."""
    baseline_of: BaselineOf | None = None
    """Finds the baseline for a loaded catalog."""

    @property
    def question(self) -> Question:
        """All of it that findings depend on."""
        options = (self.select, self.ignore, sorted(self.severity.items()), self.baseline)
        return Question(self.paths, tuple(map(repr, options)), self.cwd, self.today)


def validate(request: Request, cache: Cache | None = None, memory: "Memory | None" = None) -> Outcome:
    """The findings of a catalog. With a cache or a memory they are the same, and sooner there.

    Raises ToolError where the run cannot go on.
    """
    if cache is None:
        return outcome_of(*run_checks(request, memory=memory))
    question = request.question
    known = recall(cache, question)
    if known is not None:
        return known
    settings_digest = question.settings_digest()
    loaded, checked = run_checks(request, cache, memory)
    outcome = outcome_of(loaded, checked)
    if loaded.settings.cache:
        from servicescape.app.baseline import facts_of
        from servicescape.app.own_modules import files_of_own_rules

        facts = facts_of(checked.shrunk, loaded) if checked.shrunk is not None else None
        remember(cache, question, settings_digest, loaded, outcome, facts, files_of_own_rules())
        if loaded.kept is not None:
            loaded.kept.keep_places()
    return outcome


def run_checks(
    request: Request, cache: Cache | None = None, memory: "Memory | None" = None
) -> tuple["Loaded", "Checked"]:
    """Loads a catalog and checks it. Raises ToolError where the run cannot go on."""
    from servicescape.app.check import Selection, check_all
    from servicescape.app.load import load

    loaded = load(request.paths, cwd=request.cwd, cache=cache, memory=memory)
    rules = loaded.settings.rules
    selection = Selection(request.select or rules.select, request.ignore or rules.ignore, request.severity)
    baseline = request.baseline_of(loaded) if request.baseline_of is not None else None
    return loaded, check_all(loaded, selection, today=request.today, baseline=baseline)


def outcome_of(loaded: "Loaded", checked: "Checked") -> Outcome:
    """What a report needs to know of a run."""
    return Outcome(
        findings=checked.findings,
        ignored=checked.ignored,
        baselined=checked.baselined,
        baseline=checked.shrunk.path if checked.shrunk is not None else None,
        files=loaded.files,
        entities=loaded.entities,
        foreign=loaded.foreign,
        fail_on=loaded.settings.rules.fail_on,
        text_of=loaded.text_of,
    )
