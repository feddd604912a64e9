"""What a rule is.

A rule is one file and one class. Its docstring is its documentation: the first line says what it finds, and the rest
is the page that `servicescape explain` shows, in Markdown. Faults that come up while files are read (families YML, SCH
and most of REF) have a rule class as well, for their name, severity and page; they need no `check`.
"""

from abc import ABC
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date
from inspect import cleandoc
from typing import Any, ClassVar

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.diagnostics.records import record
from servicescape.model.settings import Settings


@record()
class Alertmanager:
    """What rules know of an Alertmanager configuration."""

    file: str
    """As the user would type it."""
    receivers: tuple[str, ...]
    """Names of its receivers, sorted."""


@record()
class RuleContext:
    """What a rule may look at besides the catalog."""

    settings: Settings
    extension_schemas: Mapping[str, Any] = field(default_factory=dict)
    """JSON Schemas of the organisation for `spec.extensions`, by the extension's name."""
    today: date | None = None
    """The day of the run; None switches off what depends on it, so that one catalog always gives the same findings."""
    alertmanager: Alertmanager | None = None
    """What the organisation's own Alertmanager configuration holds; None where the settings name none."""


class Rule(ABC):
    """One thing that can be wrong with a catalog."""

    code: ClassVar[str]
    """Family and number, such as `REF201`. Never used again for something else."""
    name: ClassVar[str]
    """A few words in kebab case, such as `unknown-reference`."""
    severity: ClassVar[Severity]
    fixable: ClassVar[bool] = False
    """Whether some of its findings come with a mend."""
    speaks_of_absence: ClassVar[bool] = False
    """Whether it finds that something is nowhere in the catalog, which is not certain while parts cannot be read."""

    def check(self, catalog: Catalog, context: RuleContext) -> Iterable[Diagnostic]:
        """Findings of this rule; none for rules whose faults come up while files are read."""
        return ()

    @classmethod
    def summary(cls) -> str:
        """The first line of the documentation."""
        return cls.documentation().partition("\n")[0]

    @classmethod
    def documentation(cls) -> str:
        """The rule's page as Markdown, without its heading."""
        return cleandoc(cls.__doc__ or "")
