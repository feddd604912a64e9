from textwrap import dedent

import pytest

from servicescape.syntax.comments import read_comments

TEXT = dedent(
    """\
    # first
    %YAML 1.2
    ---
    # second
    block: | # third
      # no comment
      text # nor this

    folded: >-
      text
       # nor this
    # fourth
    double: "no # comment
      # here" # fifth
    single: 'no # comment' # sixth
    plain: no#comment # seventh
    flow: [a, # eighth
      {url: https://example.com/#top}, # ninth
      "買い物 # no" ] # tenth
    ---
    - last # eleventh
    """
)
WORDS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_only_comments_are_comments(line_break: str) -> None:
    text = TEXT.replace("\n", line_break)
    comments = list(read_comments(text))
    assert [comment.text for comment in comments] == [f"# {word}" for word in WORDS]
    assert all(text.startswith(comment.text, comment.start) for comment in comments)


def test_leading_comments_stand_before_all_content() -> None:
    assert [comment.text for comment in read_comments(TEXT) if comment.leads] == ["# first", "# second"]


def test_after_a_fault_comments_are_known_again_from_the_next_document() -> None:
    text = "a: 1 # one\nb: [\n---\n# lost or not\nc: '\n---\nd: 1 # two\n"
    assert "# two" in [comment.text for comment in read_comments(text)]


@pytest.mark.parametrize(
    "text", ["", "\n", "#", "# only", "\t# tab", "a: 'x", "{" * 100, "\ufeff# mark", "%TAG ! x\n#c"]
)
def test_no_text_is_too_odd(text: str) -> None:
    assert all(text.startswith(comment.text, comment.start) for comment in read_comments(text))
