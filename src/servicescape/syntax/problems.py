"""What the YAML scanner complains of, in words that say what to do."""

import re

from servicescape.diagnostics.diagnostic import Diagnostic, Edit, Fix, Label
from servicescape.source.text import SourceFile
from servicescape.syntax.compose import YamlProblem
from servicescape.syntax.slips import Slip, find_slip

_TEXTS: tuple[tuple[str, str, str], ...] = (
    (
        "mapping values are not allowed",
        "a `:` cannot stand here",
        "put a value that contains `: ` in quotes; or the line before is indented differently than it seems",
    ),
    (
        "did not find expected key",
        "a key was expected here",
        "check the indentation: keys of one mapping stand in one column; text behind a closing quote is not allowed",
    ),
    (
        "could not find expected ':'",
        "this line has no `:` and is not part of the value before it",
        "write `key: value`, or indent the line so that it belongs to the text above",
    ),
    (
        "did not find expected '-' indicator",
        "a list item was expected here",
        "begin the line with `- ` in the column of the items above, or move it out of the list",
    ),
    (
        "block sequence entries are not allowed",
        "a list cannot begin here",
        "put the first `-` on a line of its own below the key",
    ),
    (
        "found unexpected ':'",
        "a value with a `:` needs quotes within braces and brackets",
        'put the value in quotes, such as `"https://…"` or `"journey:buy"`',
    ),
    ("did not find expected ',' or ']'", "this list in brackets is not closed", "add the missing `,` or `]`"),
    ("did not find expected ',' or '}'", "this mapping in braces is not closed", "add the missing `,` or `}`"),
    (
        "did not find expected <document start>",
        "text stands behind the end of the document",
        "begin a new document with `---`",
    ),
    ("did not find expected node content", "a value is missing here", "write the value, or close the bracket"),
    ("found undefined alias", "no anchor of this name stands above", "define it with `&name` before it is used"),
    (
        "found unknown escape character",
        "this escape is not known in double quotes",
        "use single quotes, or double the backslash",
    ),
    (
        "did not find expected hexdecimal number",
        "this escape is not complete",
        "use single quotes, or double the backslash",
    ),
    ("second occurrence", "an anchor of this name was defined above", "give it another name"),
    ("found a tab character", "a tab stands in the indentation", "indent with spaces"),
    (
        "mapping keys are not allowed",
        "a key cannot stand here",
        "remove the `?`; or the line before is indented differently than it seems",
    ),
    (
        "did not find expected alphabetic or numeric character",
        "the name of the anchor or alias is missing",
        "write a name behind the `&` or `*`, or put the value in quotes",
    ),
    (
        "did not find expected comment or line break",
        "only a comment may stand here",
        "put the text on the next line, or the whole value in quotes",
    ),
    (
        "found an indentation indicator equal to 0",
        "a block of text cannot be indented by 0",
        "leave the number out",
    ),
    (
        "found invalid Unicode character escape code",
        "this escape stands for no character",
        "use single quotes, or double the backslash",
    ),
    ("found undefined tag handle", "this tag has no meaning here", "remove the tag, or put the value in quotes"),
    ("did not find expected tag URI", "the tag is not complete", "remove the tag, or put the value in quotes"),
    ("did not find expected whitespace", "the tag is not complete", "remove the tag, or put the value in quotes"),
    ("did not find URI escaped octet", "the tag is not complete", "remove the tag, or put the value in quotes"),
    ("did not find the expected '>'", "the tag is not complete", "remove the tag, or put the value in quotes"),
    ("did not find expected '!'", "the tag is not complete", "remove the tag, or put the value in quotes"),
)


def explain_problem(source: SourceFile, problem: YamlProblem, base: int) -> Diagnostic:
    """The finding for what the scanner could not read. `base` is added to the problem's offsets."""
    text = source.text
    offset = min(base + problem.offset, len(text))
    code, message, help_text = "YML004", problem.problem, ""
    label = ""
    related: tuple[Label, ...] = ()
    if problem.limit:
        code = "YML009"
        message, label = problem.problem, "one level too many"
        help_text = "a catalog needs about ten levels; this is not one"
    elif problem.problem.startswith("found character that cannot start any token") and not _in_template(text, offset):
        char = text[offset : offset + 1]
        if char == "\t":
            message, label = "a tab stands in the indentation", "this is a tab"
            help_text = "indent with spaces"
        else:
            shown = f"`{char}`" if char != "`" else "a backtick"
            message, label = f"a value cannot begin with {shown}", "this character has a meaning of its own in YAML"
            help_text = "put the value in quotes"
    elif problem.problem.startswith(("found unexpected end of stream", "found unexpected document indicator")):
        message = "the quoted text is not closed"
        help_text = "add the closing quote"
        if problem.context_offset is not None:
            offset = base + problem.context_offset
            label = "opened here"
    elif (slip := find_slip(text, offset, problem.problem)) is not None:
        return _slip(source, slip)
    else:
        message, help_text = _words(problem)
        if problem.context_offset is not None and problem.context_offset != problem.offset:
            start = min(base + problem.context_offset, len(text))
            related = (Label(source.name, source.lines.span(start, start), _context(problem.context)),)
    end = offset if offset >= len(text) or text[offset] in "\r\n" else offset + 1
    return Diagnostic(
        code=code,
        message=message,
        file=source.name,
        span=source.lines.span(offset, end),
        label=label,
        help=help_text,
        related=related,
        fix=_spaces_for_tabs(source, offset) if message == _TAB else None,
    )


def _in_template(text: str, offset: int) -> bool:
    return text[max(offset - 1, 0) : offset + 1] == "{%"


def _slip(source: SourceFile, slip: Slip) -> Diagnostic:
    fix = None
    if slip.edit is not None:
        start, end, text = slip.edit
        fix = Fix("write it so", (Edit(source.name, source.lines.span(start, end), text),), safe=False)
    return Diagnostic(
        code="YML004",
        message=slip.message,
        file=source.name,
        span=source.lines.span(slip.start, slip.end),
        label=slip.label,
        help=slip.help,
        fix=fix,
    )


_TAB = "a tab stands in the indentation"
_INDENTATION = re.compile(r"^[ \t]*\t[ \t]*", re.MULTILINE)
_NEXT_DOCUMENT = re.compile(r"^---", re.MULTILINE)


def _spaces_for_tabs(source: SourceFile, offset: int) -> Fix:
    """Two spaces for each tab in the indentation of this line and the following ones of its document."""
    begin = source.text.rfind("\n", 0, offset) + 1
    following = _NEXT_DOCUMENT.search(source.text, offset)
    end = following.start() if following is not None else len(source.text)
    edits = [
        Edit(source.name, source.lines.span(match.start(), match.end()), match[0].replace("\t", "  "))
        for match in _INDENTATION.finditer(source.text, begin, end)
    ]
    return Fix("indent with spaces", tuple(edits), safe=False)


def _words(problem: YamlProblem) -> tuple[str, str]:
    if "directive" in problem.context or "directive" in problem.problem:
        return (
            "a line that begins with `%` is for the reader of YAML, and this one is not understood",
            "remove the line",
        )
    for found, words, advice in _TEXTS:
        if problem.problem.startswith(found):
            return words, advice
    return f"this is not YAML: {problem.problem}", "put the value in quotes"


def _context(context: str) -> str:
    if "duplicate anchor" in context:
        return "first defined here"
    if "flow" in context or "quoted" in context:
        return "opened here"
    return "what it belongs to begins here"
