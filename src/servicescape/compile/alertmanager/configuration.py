"""The whole configuration: complete with receivers that are only names, or put into the organisation's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from servicescape.catalog.catalog import Catalog
from servicescape.compile import names
from servicescape.compile.alertmanager.alerts import PAGE, Alert, alerts_of, severities_of
from servicescape.compile.alertmanager.base import Base, merged
from servicescape.compile.alertmanager.inhibition import between_components, within_slos
from servicescape.compile.alertmanager.routing import Routing, routing
from servicescape.compile.alertmanager.shadows import shadowing
from servicescape.compile.alertmanager.tree import Inhibition, inhibitions_text, routes_text
from servicescape.compile.neighbours import LABEL_BYTES, Neighbours
from servicescape.compile.rule import Alarm, Rule
from servicescape.compile.yaml_text import comment, scalar
from servicescape.diagnostics import nearest
from servicescape.diagnostics.errors import ToolError
from servicescape.model.settings import AlertmanagerSettings

FOLDER = "alertmanager"
FILE = f"{FOLDER}/alertmanager.yaml"
UNROUTED = "unrouted"
"""Default receiver of a configuration without a base."""

_HEADER = "Written by servicescape from the service catalog; changes made here are lost."
_NAMES_ONLY = """The receivers below are names without addresses: Alertmanager accepts them and tells nobody. Give your
own configuration as the base (`compile.alertmanager.base` in the settings), or take over the
routes and inhibit rules by hand."""
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class CompiledAlertmanager:
    """A configuration, and what its readers should know."""

    files: Mapping[str, str]
    """Path → text; empty where there is nothing to route and no base."""
    notes: tuple[str, ...] = ()
    """A sentence each."""


def compile_alertmanager(
    catalog: Catalog,
    rules: Iterable[Rule | Alarm],
    settings: AlertmanagerSettings | None = None,
    base: Base | None = None,
    *,
    neighbours: Neighbours | None = None,
    groupings: Mapping[str, tuple[str, ...] | None] | None = None,
) -> CompiledAlertmanager:
    """Routes and inhibit rules for the alerts among compiled rules.

    `neighbours`, and `groupings` of queries by SLO, are what the compiler of the rules has worked out already.
    Raises ToolError where they cannot be put into the base, or the settings name a receiver that it does not have.
    Receivers of teams are not looked for in the base: that is a finding about the team.
    """
    settings = settings or AlertmanagerSettings()
    rules = [rule for rule in rules if rule.alert is not None]
    alerts = alerts_of(catalog, rules, groupings)
    default = _default_receiver(settings, base)
    if not alerts:
        files = {FILE: comment(f"{_HEADER}\nNo SLO alerts.", "") + base.document.source.text} if base else {}
        return CompiledAlertmanager(files)
    severities = severities_of(alerts)
    routed = routing(catalog, alerts, severities, settings, default)
    unheard = {team for team, kinds in routed.without if PAGE in kinds}
    # Where tickets reach somebody and pages do not, the ticket is the better of the two.
    better_ticket = {team for team, kinds in routed.without if kinds == (PAGE,)}
    inhibitions = (
        *within_slos(alerts, severities, settings.equal, unheard=better_ticket),
        *between_components(alerts, severities, settings.equal, unheard=unheard),
    )
    notes = [*_notes(alerts, routed, default, severities.both), *_too_many_upstreams(catalog, rules, neighbours)]
    if base is None:
        text = _complete(routed, inhibitions, default)
    else:
        text = comment(f"{_HEADER}\nWhat is not about SLOs comes from {base.name}.", "") + merged(
            base, routed.route, inhibitions
        )
        notes += shadowing(base, alerts, severities)
        notes += (
            f"{base.place(path)}: `{path[-1]}` holds a secret in the open, and so does what is written; "
            "let a file hold it (the key with `_file`), or a placeholder that is filled in later"
            for path in base.open_secrets()
        )
    return CompiledAlertmanager({FILE: text}, tuple(notes))


def _default_receiver(settings: AlertmanagerSettings, base: Base | None) -> str:
    if base is None:
        return settings.receiver or UNROUTED
    if settings.receiver and settings.receiver not in base.receivers:
        close = nearest(settings.receiver, base.receivers)
        hint = f"did you mean `{close}`?" if close else f"its receivers are {', '.join(base.receivers) or 'none'}"
        raise ToolError(
            f"`compile.alertmanager.receiver` names `{settings.receiver}`, which {base.name} does not define", hint
        )
    return settings.receiver or base.default_receiver


def _complete(routed: Routing, inhibitions: tuple[Inhibition, ...], default: str) -> str:
    receivers = "".join(f"  - name: {scalar(name)}\n" for name in routed.receivers)
    rules = f"\ninhibit_rules:\n{inhibitions_text(inhibitions, '  ')}" if inhibitions else ""
    return (
        f"{comment(_HEADER, '')}{comment(_NAMES_ONLY, '')}"
        f"route:\n  receiver: {scalar(default)}\n  routes:\n{routes_text((routed.route,), '    ')}"
        f"\nreceivers:\n{receivers}{rules}"
    )


def _notes(alerts: tuple[Alert, ...], routed: Routing, default: str, both: tuple[str, ...]) -> Iterable[str]:
    by_kinds: dict[tuple[str, ...], list[str]] = {}
    for team, kinds in routed.without:
        by_kinds.setdefault(kinds, []).append(f"team `{team}`" if team else "what nobody owns")
    for kinds, teams in sorted(by_kinds.items()):
        which = " and ".join(f"{kind}s" for kind in kinds)
        yield f"{which} of {_some(teams)} go to `{default}`: no receiver is named for them"
    unknown = sorted({alert.slo for alert in alerts if alert.grouping is None})
    if unknown:
        yield (
            f"alerts of {_some([f'`{name}`' for name in unknown])} silence nothing: "
            "their queries do not tell which labels they have"
        )
    if both:
        yield f"severity {_some([f'`{value}`' for value in both])} stands for pages and tickets; both go where pages go"
    templated = sorted({alert.slo for alert in alerts if "{{" in alert.severity})
    if templated:
        yield f"the severity of {_some([f'`{name}`' for name in templated])} is a template; what is no ticket is a page"


def _too_many_upstreams(
    catalog: Catalog, rules: Iterable[Rule | Alarm], neighbours: Neighbours | None
) -> Iterable[str]:
    long = {
        rule.labels[names.SLO]
        for rule in rules
        # Only a label that is nearly full can lack a name, and few are.
        if len(rule.labels.get(names.UPSTREAMS, "").encode()) > LABEL_BYTES // 2
    }
    if not long:
        return
    neighbours = neighbours or Neighbours(catalog)
    cut = [
        f"`{names.label_of(ref)}`"
        for ref, slo in catalog.slos.items()
        if names.label_of(ref) in long and neighbours.is_cut(slo.target)
    ]
    if cut:
        yield (
            f"{_some(cut)} cannot work without more components than the label `{names.UPSTREAMS}` holds: "
            "it names the nearest, and a page of one farther off silences them only through those"
        )


def _some(values: list[str]) -> str:
    shown = values[:_MOST_NAMED]
    more = f" and {len(values) - _MOST_NAMED} more" if len(values) > _MOST_NAMED else ""
    return ", ".join(shown) + more
