"""The matrix and the blast radius as JSON, version 1 (`schemas/output/impact-matrix.json`, `impact-blast-radius.json`).

Infinite times and unknown figures are null. Cells that are ok are left out. A matrix is written row by row from its
arrays, one line a row, because a large one has millions of cells.
"""

import json
import math
from collections.abc import Iterator, Sequence
from typing import Any

from servicescape.analysis.impact_account import Account
from servicescape.analysis.impact_results import BlastRadius, ImpactMatrix, Moment
from servicescape.render.impact.words import STATES

VERSION = 1


def iter_matrix_json(matrix: ImpactMatrix) -> Iterator[str]:
    """The matrix in pieces to be written one after the other, a row at a time."""
    journeys = list(dict.fromkeys(column.journey for column in matrix.columns))
    yield (
        f'{{"version":{VERSION},"lastsSeconds":{_dump(number(matrix.lasts_seconds))},"by":{_dump(matrix.by)},\n'
        f'"journeys":{_dump(journeys)},\n"rows":['
    )
    starts = [
        "".join(
            (
                '{"journey":',
                _dump(column.journey),
                f',"step":{_dump(column.step)}' if column.step is not None else "",
                ',"state":',
            )
        )
        for column in matrix.columns
    ]
    memo: dict[tuple[int, int, float], str] = {}
    for index, row in enumerate(matrix.rows):
        states = matrix.state[index]
        hit = states.nonzero()[0].tolist()
        cells = []
        for key in zip(hit, states[hit].tolist(), matrix.after_seconds[index][hit].tolist(), strict=True):
            text = memo.get(key)
            if text is None:
                column, state, after = key
                text = f'{starts[column]}"{STATES[state]}","afterSeconds":{_dump(number(after))}}}'
                if len(memo) < 100_000:
                    memo[key] = text
            cells.append(text)
        head = _dump(
            {
                "component": row.ref,
                "title": row.title,
                "kind": row.kind,
                "owner": row.owner,
                "domain": row.domain,
                "tier": row.tier,
                "members": row.members,
                "reachesJourneys": row.reaches_journeys,
            }
        )
        blocked = _pair(matrix.blocked_average_per_hour[index], matrix.blocked_peak_per_hour[index])
        displaced = _pair(matrix.displaced_average_per_hour[index], matrix.displaced_peak_per_hour[index])
        yield (
            f'{"," if index else ""}\n{head[:-1]},"cells":[{",".join(cells)}],'
            f'"blockedPerHour":{blocked},"displacedPerHour":{displaced}}}'
        )
    columns = [
        {
            "journey": column.journey,
            **({"step": column.step} if column.step is not None else {}),
            "title": column.title,
            "domain": column.domain,
            "blockedBy": column.blocked_by,
        }
        for column in matrix.columns
    ]
    yield f'\n],\n"columns":{_dump(columns)}}}\n'


def render_matrix(matrix: ImpactMatrix) -> str:
    """The whole matrix; ends with a line break."""
    return "".join(iter_matrix_json(matrix))


def render_blast_radius(result: BlastRadius, account: Account | None = None) -> str:
    """The blast radius, indented for people, with how its figures are made where that is given; ends with a break."""
    document = blast_radius_object(result)
    if account is not None:
        from servicescape.render.impact.explain import explanation_object

        document["explanation"] = explanation_object(account)
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    return text.translate(_SURROGATES) + "\n"


def blast_radius_object(result: BlastRadius) -> dict[str, Any]:
    """The blast radius as plain lists and mappings, as JSON has them."""
    totals = result.totals
    return {
        "version": VERSION,
        "failed": list(result.failed),
        "degraded": list(result.degraded),
        "lastsSeconds": number(result.lasts_seconds),
        "at": result.at,
        "components": [
            {
                "component": part.component,
                "state": part.state,
                "afterSeconds": number(part.down_after_seconds),
                "degradedAfterSeconds": number(part.degraded_after_seconds),
                "path": list(part.path),
            }
            for part in result.components
        ],
        "journeys": [
            {
                "journey": journey.journey,
                "title": journey.title,
                "state": journey.state,
                "afterSeconds": number(journey.after_seconds),
                "timeline": _timeline(journey.timeline),
                "blockedPerHour": number(journey.blocked_per_hour),
                "displaced": {channel: number(rate) for channel, rate in journey.displaced_per_hour.items()},
                "blockedTotal": number(journey.blocked_total),
                "valueLost": number(journey.value_lost),
                "currency": journey.currency,
                "steps": [
                    {
                        "step": step.step,
                        "title": step.title,
                        "optional": step.optional,
                        "state": step.state,
                        "afterSeconds": number(step.after_seconds),
                        "leg": step.leg,
                        "timeline": _timeline(step.timeline),
                        "because": list(step.because),
                        "customerSees": step.customer_sees,
                    }
                    for step in journey.steps
                ],
            }
            for journey in result.journeys
        ],
        "channels": [
            {
                "channel": load.channel,
                "title": load.title,
                "state": load.state,
                "contactsPerHour": number(load.contacts_per_hour),
                "capacityPerHour": number(load.capacity_per_hour),
                "turnedAwayPerHour": number(load.turned_away_per_hour),
                "floodedAfterSeconds": number(load.flooded_after_seconds),
                "costTotal": number(load.cost_total),
            }
            for load in result.channels
        ],
        "totals": {
            "journeysHit": totals.journeys_hit,
            "journeys": totals.journeys,
            "blockedPerHour": number(totals.blocked_per_hour),
            "displacedPerHour": number(totals.displaced_per_hour),
            "blockedCustomers": number(totals.blocked_customers),
            "displacedContacts": number(totals.displaced_contacts),
            "contactCost": number(totals.contact_cost),
            "valueLost": {currency: number(value) for currency, value in totals.value_lost.items()},
        },
        "runbooks": [{"component": ref, "runbook": runbook} for ref, runbook in result.runbooks],
    }


def number(value: float | None) -> int | float | None:
    """A finite number, whole where it is whole, to a millionth; null for infinity and for what is unknown."""
    if value is None or not math.isfinite(value):
        return None
    rounded = round(float(value), 6)
    if abs(rounded - round(rounded, 3)) < 1e-4 and abs(rounded) < 1e9:
        rounded = round(rounded, 3)  # times come as 32-bit floats, whose last digits mean nothing
    return int(rounded) if rounded == int(rounded) else rounded


def _pair(average: float, peak: float) -> str:
    return f'{{"average":{_dump(number(average))},"peak":{_dump(number(peak))}}}'


def _timeline(moments: Sequence[Moment]) -> list[dict[str, Any]]:
    return [
        {"atSeconds": number(moment.at_seconds), "state": moment.state}
        | ({"leg": moment.leg} if moment.leg is not None else {})
        for moment in moments
    ]


_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
"""Half of a character pair, which YAML can write and no file can hold."""


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(_SURROGATES)
