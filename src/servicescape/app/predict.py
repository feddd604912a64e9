"""How often journeys work: the prediction, with what was measured instead of what is promised."""

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from servicescape.analysis.prediction.availability import Defaults, Measurement
from servicescape.analysis.prediction.prediction import predict as predict_catalog
from servicescape.analysis.prediction.results import Prediction
from servicescape.app.cores import cores
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic
from servicescape.diagnostics.errors import ToolError
from servicescape.model.names import COMPONENT_KINDS
from servicescape.model.settings import Settings
from servicescape.source.text import read_source
from servicescape.syntax.document import read_documents

_FORM = "write `basket: 99.93`, or `basket: {availability: 99.93, scope: own}`"


def predict(
    catalog: Catalog,
    settings: Settings,
    *,
    journeys: Sequence[str] = (),
    order: int = 2,
    measured: Path | None = None,
    details: bool = True,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Prediction:
    """Predicts journeys by name (all where none is named), with or without their details.

    Where there are many, that is done in as many processes as the machine has processors, or in `jobs`.

    Raises ToolError for unknown names and unusable files.
    """
    refs = [_journey(catalog, name) for name in journeys] or None
    overlay = read_measured(catalog, measured, settings) if measured is not None else {}
    return predict_catalog(
        catalog,
        journeys=refs,
        order=order,
        measured=overlay,
        defaults=defaults_of(settings),
        details=details,
        jobs=cores() if jobs is None else jobs,
        progress=progress,
    )


def defaults_of(settings: Settings) -> Defaults:
    """What the settings take for granted where nobody says how available something is."""
    table = settings.availability
    return Defaults({1: table.tier_1, 2: table.tier_2, 3: table.tier_3, 4: table.tier_4}, table.without_tier)


def _journey(catalog: Catalog, name: str) -> str:
    ref = catalog.find(name, ("Journey",))
    if ref is not None:
        return ref
    close = catalog.names.suggest(name, ("Journey",), "default")
    known = ", ".join(each.split(":", 1)[1] for each in list(catalog.journeys)[:8])
    hint = f"did you mean `{close.split(':', 1)[1]}`?" if close else f"the catalog has {known or 'no journey'}"
    raise ToolError(f"there is no journey `{name}`", hint)


def read_measured(catalog: Catalog, file: Path, settings: Settings) -> dict[str, Measurement]:
    """Measured availabilities by reference, from a YAML or JSON file. Raises ToolError where it cannot be used.

    A number up to 1 is a ratio, a larger one percent.
    """
    source = read_source(file, str(file), settings.max_file_megabytes * 1024 * 1024)
    if isinstance(source, Diagnostic):
        raise ToolError(f"{file}: {source.message}", "name a file that maps components to availabilities")
    documents, problems, _ = read_documents(source)
    if problems:
        line = problems[0].span.start.line if problems[0].span else 1
        raise ToolError(f"{file}:{line}: {problems[0].message}", _FORM)
    found: dict[str, Measurement] = {}
    for document in documents:
        if not isinstance(document.value, dict):
            raise ToolError(f"{file}: a mapping of components to availabilities is expected", _FORM)
        for name, value in document.value.items():
            line = document.value_span((name,)).start.line
            ref = catalog.find(str(name), COMPONENT_KINDS)
            if ref is None:
                close = catalog.names.suggest(str(name), COMPONENT_KINDS, "default")
                hint = f"did you mean `{close.split(':', 1)[1]}`?" if close else "name a service, platform or external"
                raise ToolError(f"{file}:{line}: there is no service, platform or external `{name}`", hint)
            found[ref] = _measurement(f"{file}:{line}", value)
    return found


def _measurement(where: str, value: Any) -> Measurement:
    total = True
    if isinstance(value, dict):
        unknown = sorted(set(value) - {"availability", "scope"})
        if unknown or value.get("scope", "total") not in ("total", "own"):
            what = f"the key `{unknown[0]}` is not known" if unknown else "`scope` is `total` or `own`"
            raise ToolError(f"{where}: {what}", _FORM)
        total = value.get("scope", "total") == "total"
        value = value.get("availability")
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ToolError(f"{where}: an availability is a number", _FORM)
    number = float(value)
    if not math.isfinite(number) or not 0 < number <= 100:
        raise ToolError(f"{where}: an availability lies above 0 and is at most 100 percent", _FORM)
    return Measurement(float(value / 100) if number > 1 else number, total)
