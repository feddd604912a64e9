"""The figures at the end of a run."""

from collections.abc import Iterable
from dataclasses import dataclass

from servicescape.diagnostics import Diagnostic, Severity


@dataclass(frozen=True, slots=True)
class Summary:
    """How much was checked, and how many findings of each severity there are."""

    files: int
    entities: int
    errors: int
    warnings: int
    infos: int
    fixable: int
    """Findings with a safe fix: those that `--fix` mends."""
    ignored: int = 0
    """Further findings, which comments in the catalog hide."""
    baselined: int = 0
    """Further findings, which the baseline holds."""
    mended: int = 0
    """Findings that this run has mended."""
    foreign: int = 0
    """Objects of other tools that were read as well."""

    @classmethod
    def of(
        cls,
        diagnostics: Iterable[Diagnostic],
        *,
        files: int,
        entities: int,
        ignored: int = 0,
        baselined: int = 0,
        mended: int = 0,
        foreign: int = 0,
    ) -> "Summary":
        """Counts the findings of a run over so many files and entities."""
        counts = dict.fromkeys(Severity, 0)
        fixable = 0
        for diagnostic in diagnostics:
            counts[diagnostic.severity] += 1
            fixable += is_fixable(diagnostic)
        return cls(
            files=files,
            entities=entities,
            errors=counts[Severity.ERROR],
            warnings=counts[Severity.WARNING],
            infos=counts[Severity.INFO],
            fixable=fixable,
            ignored=ignored,
            baselined=baselined,
            mended=mended,
            foreign=foreign,
        )

    @property
    def findings(self) -> int:
        """All findings, of any severity."""
        return self.errors + self.warnings + self.infos

    @property
    def extent(self) -> str:
        """What was checked: `214 entities`, and where there are some, `3 documents of other tools`."""
        foreign = counted(self.foreign, "document of other tools", "documents of other tools")
        entities = counted(self.entities, "entity", "entities")
        if not self.foreign:
            return entities
        return f"{entities}, {foreign}" if self.entities else foreign

    @property
    def clean(self) -> str:
        """What to say where nothing is found: with a baseline, that is not everything."""
        return "nothing new" if self.baselined else "nothing wrong"

    @property
    def passed_over(self) -> list[str]:
        """How many findings are not shown, and why: `12 mended`, `3 ignored`, `12 in the baseline`."""
        counts = [(self.mended, "mended"), (self.ignored, "ignored"), (self.baselined, "in the baseline")]
        return [f"{number:,} {words}" for number, words in counts if number]


def is_fixable(diagnostic: Diagnostic) -> bool:
    """Whether `--fix`, without `--unsafe-fixes`, mends the finding."""
    return diagnostic.fix is not None and diagnostic.fix.safe


def counted(number: int, singular: str, plural: str = "") -> str:
    """A number with its noun: `1 file`, `1,200 files`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def verdict(summary: Summary) -> str:
    """A run in one line: `3 errors, 2 warnings in 61 files (214 entities)`."""
    files = counted(summary.files, "file")
    counts = [(summary.errors, "error"), (summary.warnings, "warning"), (summary.infos, "info")]
    words = ", ".join(counted(number, noun) for number, noun in counts if number)
    text = f"{words} in {files} ({summary.extent})" if words else f"{files}, {summary.extent}: {summary.clean}"
    return " · ".join((text, *summary.passed_over))
