"""DAT832: a data item that customers are asked for and no system keeps."""

from collections.abc import Iterator

from servicescape.analysis.lenses.data_items import collected, masters
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.places import is_whole
from servicescape.rules.rule import Rule, RuleContext


class MasteredByNone(Rule):
    """A step asks the customer for a data item of which no component is the system of record.

    ## Why it matters

    Either nothing keeps what the customer has said, and they will be asked again; or something does, and nobody can
    say which system is right when two differ.

    Looked at are catalogs in which at least three of four items that steps collect have a system of record.

    ## Example

    ```yaml
    steps:
      - {name: report, collects: [symptom], legs: [{channel: web, uses: [tickets]}]}     # nobody masters `symptom`
    ```

    ## What to do

    Add the item to `masters` of the component that keeps it. What is used once and not kept, such as a one-time code,
    need not stand in `collects`.
    """

    code = "DAT832"
    name = "mastered-by-none"
    severity = Severity.INFO
    speaks_of_absence = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such item, at the first step by journey that collects it."""
        known = masters(catalog)
        items = {item for _, _, _, item in collected(catalog)}
        if sum(item in known for item in items) * 4 < len(items) * 3:
            return
        if any(not is_whole(each.entity, ("spec", "masters")) for each in catalog.components.values()):
            return
        told: set[str] = set()
        for journey, step, number, item in collected(catalog):
            if item in known or item in told:
                continue
            told.add(item)
            yield Diagnostic(
                code=self.code,
                message=f"“{step.title}” asks for `{item}`, and no component is its system of record",
                file=journey.entity.file,
                span=journey.entity.places.value_span((*step.path, "collects", number)),
                label="nothing masters it",
                help="add it to `masters` of the component that keeps it",
                entity=journey.ref,
            )
