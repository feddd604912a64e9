"""Names and one-line descriptions of all commands, without importing any of them.

`--help` must be as fast as Python itself, so the descriptions stand here and not in the modules they describe; a test
holds the two against each other.
"""

COMMANDS: dict[str, str] = {
    "build": "Check the catalog and write diagrams, rules, matrix and scorecard.",
    "validate": "Find everything that is wrong with the catalog, each at its place.",
    "explain": "Say what a rule checks, why, and what to do.",
    "graph": "Draw a diagram.",
    "impact": "Show what failures do to customers.",
    "predict": "Predict how often journeys work, and what to mend first.",
    "score": "Score journeys, teams and platforms, and say what to improve first.",
    "test": "Run the scenarios and check what they expect.",
    "compile": "Turn SLOs into monitoring rules and their tests.",
    "fmt": "Lay out the catalog's files in one way.",
    "rename": "Rename an entity and every reference to it.",
    "schema": "Write JSON Schemas for editors.",
}
"""Command → what it does, in the order of the help text. The module is `servicescape.cli.COMMAND_command`."""
