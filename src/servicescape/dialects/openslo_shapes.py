"""The fields of OpenSLO, after https://github.com/OpenSLO/OpenSLO: `openslo/v1`, and SLO and Service of `v1alpha`."""

from servicescape.dialects.shapes import Key, ListOf, Shape, lost

_NOT_OF_INDICATOR = lost("an indicator within an SLO has no words of its own here; put them into the SLO's description")
METADATA: Shape = {
    "name": Key("text", required=True),
    "displayName": Key("text"),
    "labels": Key("labels"),
    "annotations": Key("texts"),
}
SOURCE: Shape = {
    "metricSource": Key(
        {"metricSourceRef": Key("text"), "type": Key("text"), "spec": Key("mapping", required=True)}, required=True
    )
}
INDICATOR: Shape = {
    "description": Key("text"),
    "thresholdMetric": Key(SOURCE),
    "ratioMetric": Key(
        {
            "counter": Key("flag"),
            "good": Key(SOURCE),
            "bad": Key(SOURCE),
            "total": Key(SOURCE),
            "rawType": Key("text"),
            "raw": Key(SOURCE),
        }
    ),
}
_CALENDAR: Shape = {"startTime": Key("text"), "timeZone": Key("text")}
_OBJECTIVE: Shape = {
    "displayName": Key("text"),
    "op": Key("text"),
    "value": Key("number"),
    "target": Key("number"),
    "targetPercent": Key("number"),
    "timeSliceTarget": Key("number"),
    "timeSliceWindow": Key("any"),
    "indicator": Key("any"),
    "indicatorRef": Key("any"),
    "compositeWeight": Key("any"),
}
_SLO: Shape = {
    "description": Key("text"),
    "service": Key("text", required=True),
    "indicator": Key(
        {
            "metadata": Key(
                {
                    "name": Key("text"),
                    "displayName": _NOT_OF_INDICATOR,
                    "labels": _NOT_OF_INDICATOR,
                    "annotations": _NOT_OF_INDICATOR,
                }
            ),
            "spec": Key({**INDICATOR, "description": _NOT_OF_INDICATOR}, required=True),
        }
    ),
    "indicatorRef": Key("text"),
    "timeWindow": Key(
        ListOf({"duration": Key("text", required=True), "isRolling": Key("flag"), "calendar": Key(_CALENDAR)})
    ),
    "budgetingMethod": Key("text", required=True),
    "objectives": Key(ListOf(_OBJECTIVE), required=True),
    "alertPolicies": Key(ListOf("any")),
}
_PLACES = lost("alerts go where the team's `receivers` say; name them in the Team")
CONDITION: Shape = {
    "description": lost("the alert's own description says how fast the budget burns"),
    "severity": Key("text", required=True),
    "condition": Key(
        {
            "kind": Key("text"),
            "op": Key("text"),
            "threshold": Key("number"),
            "lookbackWindow": Key("text"),
            "alertAfter": Key("text"),
        },
        required=True,
    ),
}
POLICY: Shape = {
    "description": lost("a policy has no words of its own here; put them into the SLO's description"),
    "alertWhenNoData": Key("flag"),
    "alertWhenResolved": Key("flag"),
    "alertWhenBreaching": Key("flag"),
    "conditions": Key(ListOf("any"), required=True),
    "notificationTargets": _PLACES,
}


def _document(spec: Shape, *, required: bool = True) -> Shape:
    return {
        "apiVersion": Key("text", required=True),
        "kind": Key("text", required=True),
        "metadata": Key(METADATA, required=True),
        "spec": Key(spec, required=required),
    }


SHAPES: dict[str, Shape] = {
    "SLO": _document(_SLO),
    "SLI": _document(INDICATOR),
    "Service": _document({"description": Key("text")}, required=False),
    "DataSource": _document(
        {
            "description": lost("nothing is kept of a source but its type"),
            "type": Key("text", required=True),
            "connectionDetails": lost("the tool connects with nothing; Prometheus knows where its data is"),
        }
    ),
    "AlertPolicy": _document(POLICY),
    "AlertCondition": _document(CONDITION),
    "AlertNotificationTarget": _document({"description": _PLACES, "target": Key("text", required=True)}),
}
INLINE_CONDITION: Shape = {
    "conditionRef": Key("text"),
    "kind": Key("text"),
    "metadata": Key(METADATA),
    "spec": Key(CONDITION),
}
INLINE_POLICY: Shape = {
    "alertPolicyRef": Key("text"),
    "kind": Key("text"),
    "metadata": Key(METADATA),
    "spec": Key(POLICY),
}

_OLD_METRIC: Shape = {
    "source": Key("text", required=True),
    "queryType": Key("text"),
    "query": Key("text", required=True),
    "metadata": lost("words about a query have no place here; put them into the description"),
}
OLD_SHAPES: dict[str, Shape] = {
    "SLO": _document(
        {
            "description": Key("text"),
            "service": Key("text", required=True),
            "indicator": Key({"thresholdMetric": Key(_OLD_METRIC, required=True)}),
            "timeWindows": Key(
                ListOf(
                    {
                        "unit": Key("text", required=True),
                        "count": Key("number", required=True),
                        "isRolling": Key("flag"),
                        "calendar": Key(_CALENDAR),
                    }
                )
            ),
            "budgetingMethod": Key("text", required=True),
            "objectives": Key(
                ListOf(
                    {
                        "displayName": Key("text"),
                        "op": Key("text"),
                        "value": Key("number"),
                        "target": Key("number"),
                        "timeSliceTarget": Key("number"),
                        "timeSliceWindow": Key("any"),
                        "ratioMetrics": Key(
                            {
                                "counter": Key("flag"),
                                "incremental": Key("flag"),
                                "good": Key(_OLD_METRIC),
                                "bad": Key(_OLD_METRIC),
                                "total": Key(_OLD_METRIC, required=True),
                            }
                        ),
                    }
                ),
                required=True,
            ),
        }
    ),
    "Service": SHAPES["Service"],
}
"""`openslo/v1alpha`."""
