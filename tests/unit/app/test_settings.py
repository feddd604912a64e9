"""Which settings hold, and what is said of those that are wrong."""

from pathlib import Path

import pytest

from servicescape.app.settings import find_settings
from servicescape.diagnostics.errors import ToolError
from servicescape.model.settings import Settings


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _refused(folder: Path) -> ToolError:
    with pytest.raises(ToolError) as caught:
        find_settings([], folder)
    return caught.value


def test_without_a_file_all_is_default(tmp_path: Path) -> None:
    found = find_settings([], tmp_path)
    assert (found.settings, found.folder, found.file) == (Settings(), tmp_path, None)


def test_the_nearest_file_wins_and_nothing_is_merged(tmp_path: Path) -> None:
    _write(tmp_path / "servicescape.toml", 'output = "far"\ntypes = ["x"]\n')
    near = _write(tmp_path / "a" / "servicescape.toml", 'output = "near"\n')
    (tmp_path / "a" / "b" / "catalog").mkdir(parents=True)
    found = find_settings([], tmp_path / "a" / "b")
    assert (found.file, found.folder) == (near, near.parent)
    assert (found.settings.output, found.settings.types) == ("near", ())
    assert find_settings([Path("a/b/catalog")], tmp_path).settings.output == "near"
    assert find_settings([], tmp_path).settings.output == "far"


def test_it_is_looked_for_beside_the_catalog(tmp_path: Path) -> None:
    _write(tmp_path / "one" / "servicescape.toml", 'output = "one"\n')
    file = _write(tmp_path / "one" / "catalog" / "a.yaml", "")
    for path in (file, file.parent, Path("one/catalog")):
        assert find_settings([path], tmp_path).settings.output == "one"
    assert find_settings([Path("nowhere/at/all")], tmp_path).settings.output == "build"


def test_pyproject_counts_where_it_speaks_of_us(tmp_path: Path) -> None:
    _write(tmp_path / "servicescape.toml", 'output = "own"\n')
    _write(tmp_path / "a" / "pyproject.toml", '[tool.other]\nx = 1\n[project]\nname = "a"\n')
    assert find_settings([], tmp_path / "a").settings.output == "own"
    _write(tmp_path / "b" / "pyproject.toml", '[tool.servicescape]\noutput = "project"\nrules.fail-on = "info"\n')
    found = find_settings([], tmp_path / "b").settings
    assert (found.output, found.rules.fail_on) == ("project", "info")
    _write(tmp_path / "b" / "servicescape.toml", 'output = "both"\n')
    assert find_settings([], tmp_path / "b").settings.output == "both"


@pytest.mark.parametrize("text", ["tool = 5\n", "[tool]\nx = 1\n", ""])
def test_an_odd_pyproject_is_none_of_our_business(tmp_path: Path, text: str) -> None:
    _write(tmp_path / "pyproject.toml", text)
    assert find_settings([], tmp_path).file is None


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "servicescape.toml").write_bytes(b'\xef\xbb\xbfoutput = "x"\n')
    assert find_settings([], tmp_path).settings.output == "x"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("outptu = 'x'\n", "servicescape.toml: unknown setting `outptu`", "did you mean `output`?"),
        ("max_file_megabytes = 1\n", "unknown setting `max_file_megabytes`", "did you mean `max-file-megabytes`?"),
        ("[rules]\nignored = []\n", "unknown setting `rules.ignored`", "did you mean `ignore`?"),
        ("[rules]\nzebra = []\n", "unknown setting `rules.zebra`", "the keys here are baseline, fail-on, ignore"),
        ("[zebra]\n", "unknown setting `zebra`", "the keys here are availability, cache, catalog"),
        ("catalog = 'a'\n", "`catalog` needs a list", "mend "),
        ("catalog = [1]\n", "`catalog.0` needs text", "mend "),
        ("output = 5\n", "`output` needs text", "mend "),
        ("max-file-megabytes = 0\n", "`max-file-megabytes` needs a number above zero", "mend "),
        ("max-file-megabytes = '5'\n", "`max-file-megabytes` needs a whole number", "mend "),
        ("rules = 5\n", "`rules` needs a table", "mend "),
        ("[rules]\nfail-on = 'never'\n", "`rules.fail-on` needs one of 'error', 'warning' or 'info'", "mend "),
        ("[rules.severity]\nREF201 = 'fatal'\n", "`rules.severity.REF201` needs one of", "mend "),
        ("[score.enough]\nrunbok = 90\n", "unknown setting `score.enough.runbok`", "did you mean `runbook`?"),
        ("[score.enough]\nrunbook = 900\n", "`score.enough.runbook` is wrong: input should be less than", "mend "),
        ("[score.team]\ntested = 'gold'\n", "unknown setting `score.team.tested`", "the keys here are alerts, calm"),
        ("[score.team]\ncalm = 'platinum'\n", "`score.team.calm` needs one of 'bronze', 'silver', 'gold'", "mend "),
        ("catalog = [a]\n", "servicescape.toml is not valid TOML: ", "mend "),
        ("a = 1\na = 2\n", "is not valid TOML", "mend "),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(tmp_path: Path, text: str, message: str, hint: str) -> None:
    _write(tmp_path / "servicescape.toml", text)
    error = _refused(tmp_path)
    assert message in error.message
    assert error.hint.startswith(hint)


def test_in_a_pyproject_the_whole_key_is_named(tmp_path: Path) -> None:
    _write(tmp_path / "pyproject.toml", "[tool.servicescape]\noutptu = 'x'\n")
    error = _refused(tmp_path)
    assert error.message == "pyproject.toml: unknown setting `tool.servicescape.outptu`"
    _write(tmp_path / "pyproject.toml", "[tool]\nservicescape = 5\n")
    assert _refused(tmp_path).message == "pyproject.toml: `tool.servicescape` needs a table"


def test_settings_that_are_not_text(tmp_path: Path) -> None:
    (tmp_path / "servicescape.toml").write_bytes(b"output = '\xe9'\n")
    assert "is not valid TOML" in _refused(tmp_path).message


ROW = '[[compile.windows.calm.pairs]]\nseverity = "page"\nlong = "1h"\nshort = "5m"\nbudget-share = 2\n'


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('"page"', '"shout"', "`compile.windows.calm.pairs.0.severity` needs one of 'page' or 'ticket'"),
        ('"5m"', '"1m"', "windows 1h/1m cannot be: `short` must be 5m or more, and shorter than `long`"),
        ('"5m"', '"2h"', "windows 1h/2h cannot be"),
        ('"1h"', '"1 hour"', "`compile.windows.calm.pairs.0.long` is wrong: '1 hour' is not a duration"),
        ("share = 2", "share = 0", "should be greater than 0"),
        ("short", "shrt", "unknown setting `compile.windows.calm.pairs.0.shrt`"),
        ("budget-share = 2", "", "`compile.windows.calm.pairs.0.budget-share` needs a value"),
    ],
)
def test_tables_of_windows_that_cannot_be(right: str, wrong: str, said: str, tmp_path: Path) -> None:
    _write(tmp_path / "servicescape.toml", ROW)
    assert find_settings([], tmp_path).settings.compile.windows["calm"].pairs[0].severity == "page"
    _write(tmp_path / "servicescape.toml", ROW.replace(right, wrong))
    assert said in str(_refused(tmp_path))


def test_a_misspelt_key_of_a_table_is_told_with_the_right_one(tmp_path: Path) -> None:
    _write(tmp_path / "servicescape.toml", ROW.replace("short", "shrt"))
    assert _refused(tmp_path).hint == "did you mean `short`?"


@pytest.mark.parametrize("interval", ["5m", "1s", "10500ms"])
def test_intervals_that_cannot_be(interval: str, tmp_path: Path) -> None:
    _write(tmp_path / "servicescape.toml", f'[compile]\ninterval = "{interval}"\n')
    assert "`compile.interval` is wrong: it must be 10s to 2m30s in whole seconds" in str(_refused(tmp_path))
