"""DAT831: a data item with two systems of record."""

from collections.abc import Iterator

from servicescape.analysis.lenses.data_items import masters
from servicescape.bind.located import Path
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Component
from servicescape.diagnostics import Diagnostic, Label, Severity
from servicescape.rules.rule import Rule, RuleContext


class MasteredTwice(Rule):
    """Two components both say that they are the system of record of a data item.

    ## Why it matters

    Where both are right, they will differ one day, and each channel shows the customer another truth. Where one of
    them only keeps a copy, nobody knows which one to ask, and a change made in the copy is lost.

    ## Example

    ```yaml
    metadata: {name: crm}
    spec: {owner: customer-record, masters: [email]}
    ---
    metadata: {name: billing-engine}
    spec: {owner: billing, masters: [email, bill]}
    ```

    ## What to do

    Take the item out of `masters` of the one that keeps a copy. While one replaces the other, mark the old one
    `lifecycle: deprecated`, or the new one `lifecycle: planned`: neither is reported.
    """

    code = "DAT831"
    name = "mastered-twice"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such item, at the second component by reference."""
        for item, found in sorted(masters(catalog).items()):
            if len(found) < 2:
                continue
            first, second, *others = found
            more = f" and {len(others)} more" if others else ""
            yield Diagnostic(
                code=self.code,
                message=f"`{item}` has more than one system of record: `{first.name}`, `{second.name}`{more}",
                file=second.entity.file,
                span=second.entity.places.value_span(_place(second, item)),
                label=f"`{first.name}` masters it too",
                help="take it out of `masters` of those that keep a copy",
                entity=second.ref,
                related=tuple(
                    Label(
                        each.entity.file,
                        each.entity.places.value_span(_place(each, item)),
                        f"`{each.name}` masters it",
                    )
                    for each in (first, *others)
                ),
            )


def _place(component: Component, item: str) -> Path:
    return ("spec", "masters", component.entity.entity.spec.masters.index(item))
