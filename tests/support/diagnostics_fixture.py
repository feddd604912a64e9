"""One fixed set of findings that every report form is tested with: each peculiarity of a finding occurs once."""

from servicescape.diagnostics import Diagnostic, Edit, Fix, Label, Position, Severity, Span
from servicescape.report import ReportContext, Summary

BASKET = "catalog/commerce/basket.yaml"
PAYMENTS = "catalog/payments/payments.yaml"
WIDE = "catalog/wide.yaml"
LONG = "catalog/long.yaml"
MANY = "catalog/many.yaml"
BROKEN = "catalog/broken.yaml"

_LONG_LINE = (
    '        bad: sum(rate(http_requests_total{job="basket",code=~"5..",handler!~"/healthz|/readyz|/metrics"}[5m]))'
    ' + sum(rate(http_request_timeouts_totl{job="basket",handler!~"/healthz|/readyz|/metrics"}[5m])) by (cluster)'
)

SOURCES: dict[str, str] = {
    BASKET: """\
apiVersion: servicescape/v1
kind: Service
metadata:
  name: basket
  title: Basket
spec:
  owner: storefront
  domain: commerce
  tier: 1
  lifecycle: production

  dependsOn:
    - pricing
    - paymnts
  recovery:
    mttr: 30m
    rto: 10m
  labels:
    a: 1
    b: 2
    c: 3
    d: 4
    a: 5
""",
    PAYMENTS: """\
apiVersion: servicescape/v1
kind: Service
metadata:
  name: payments
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: basket}
spec: {owner: payments-crew}
""",
    WIDE: """\
metadata: {title: 買い物かご, nmae: basket}
spec: {description: "👩‍💻 ❤️ cafe\u0301", ownr: x}
\tspec: 1
title: pay\u200bments
""",
    LONG: f"indicator:\n    ratio:\n{_LONG_LINE}\n",
    MANY: "".join(f"- name: svc-{number}\n  team: gone\n" for number in range(1, 61)),
}


def _span(line: int, column: int, end_line: int, end_column: int) -> Span:
    return Span(Position(line, column), Position(end_line, end_column))


def _word(file: str, line: int, word: str) -> Span:
    """The span of a word in one of the sources."""
    column = SOURCES[file].split("\n")[line - 1].index(word) + 1
    return _span(line, column, line, column + len(word))


def _url(code: str) -> str:
    return f"https://servicescape.example/rules/{code}"


_UNDEFINED = Diagnostic(
    "REF201",
    "`paymnts` is not defined",
    BASKET,
    _word(BASKET, 14, "paymnts"),
    label="no service, platform or external has this name",
    help=f"did you mean `payments` ({PAYMENTS}:4:9)?",
    entity="service:basket",
    fix=Fix("Write `payments`", (Edit(BASKET, _word(BASKET, 14, "paymnts"), "payments"),)),
    name="unknown-reference",
    url=_url("REF201"),
)

DIAGNOSTICS: tuple[Diagnostic, ...] = (
    # About a file as a whole, and no text to quote.
    Diagnostic(
        "SRC101",
        "the file is not UTF-8: byte 0xe9 at offset 212",
        BROKEN,
        None,
        help="save it as UTF-8",
        name="not-utf8",
        url=_url("SRC101"),
    ),
    # Place in another file, without a fix.
    Diagnostic(
        "REF102",
        "two services have the name `basket`",
        BASKET,
        _word(BASKET, 4, "basket"),
        label="first",
        entity="service:basket",
        related=(Label(PAYMENTS, _word(PAYMENTS, 8, "basket"), "and again here"),),
        name="duplicate-name",
        url=_url("REF102"),
    ),
    # Something is missing at a place.
    Diagnostic(
        "SLO301",
        "a service of tier 1 has no SLO",
        BASKET,
        Span.at(11, 1),
        label="`slos` could stand here",
        help="give it an objective for availability, and one for latency where people wait for it",
        entity="service:basket",
        fix=Fix("Insert an SLO to be filled in", (Edit(BASKET, Span.at(11, 1), "  slos: []\n"),), safe=False),
        name="critical-without-slo",
        severity=Severity.WARNING,
        url=_url("SLO301"),
    ),
    _UNDEFINED,
    # Over several lines, beginning where nothing stands before.
    Diagnostic(
        "REC401",
        "the time to recover (`rto: 10m`) is shorter than the mean time to repair (`mttr: 30m`), so it is missed about "
        "every other time",
        BASKET,
        _span(15, 3, 18, 1),
        label="these two contradict each other",
        entity="service:basket",
        name="rto-below-mttr",
        severity=Severity.WARNING,
        url=_url("REC401"),
    ),
    # A further place near by, in the same frame.
    Diagnostic(
        "SYN110",
        "the key `a` occurs twice in one mapping",
        BASKET,
        _word(BASKET, 23, "a"),
        label="this one would win",
        related=(Label(BASKET, _word(BASKET, 19, "a"), "first written here"),),
        name="duplicate-key",
        url=_url("SYN110"),
    ),
    # A long line, cut around the place.
    Diagnostic(
        "QRY501",
        "no metric is called `http_request_timeouts_totl`",
        LONG,
        _word(LONG, 3, "http_request_timeouts_totl"),
        label="unknown metric",
        name="unknown-metric",
        url=_url("QRY501"),
    ),
    # The same words very often.
    *(
        Diagnostic(
            "REF201",
            "`gone` is not defined",
            MANY,
            _word(MANY, 2 * number, "gone"),
            label="no team has this name",
            entity=f"service:svc-{number}",
            name="unknown-reference",
            url=_url("REF201"),
        )
        for number in range(1, 41)
    ),
    # Over several lines, beginning in the middle of one, and long.
    Diagnostic(
        "CPX601",
        "a team of one has 60 services",
        MANY,
        _span(1, 3, 120, 13),
        label="all of these",
        name="too-much-for-one",
        severity=Severity.INFO,
        url=_url("CPX601"),
    ),
    # Wide characters, emoji of several code points, a tab, and a character nobody sees.
    Diagnostic("SYN120", "unknown key `nmae`", WIDE, _word(WIDE, 1, "nmae"), help="did you mean `name`?"),
    Diagnostic("SYN120", "unknown key `ownr`", WIDE, _word(WIDE, 2, "ownr"), help="did you mean `owner`?"),
    Diagnostic("SYN121", "a tab cannot indent", WIDE, _span(3, 1, 3, 2), label="write spaces"),
    Diagnostic("SYN122", "invisible character U+200B", WIDE, _span(4, 11, 4, 12), label="zero width space"),
)

SUMMARY = Summary.of(DIAGNOSTICS, files=61, entities=214)
CLEAN = Summary.of((), files=61, entities=214)


def context(width: int = 80, *, colour: bool = False, hyperlinks: bool = False) -> ReportContext:
    """A place to report to that knows the fixture's texts."""
    return ReportContext(width, colour, SOURCES.get, hyperlinks)
