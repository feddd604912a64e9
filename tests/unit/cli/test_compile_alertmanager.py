"""`compile`, `build` and `validate` with an Alertmanager configuration of the organisation's own."""

from pathlib import Path

import pytest

from servicescape.diagnostics.errors import ToolError
from tests.support.command import BASKET, run

CATALOG = f"""
apiVersion: servicescape/v1
kind: Team
metadata: {{name: storefront, title: Storefront}}
spec: {{receivers: {{page: pager, ticket: jira}}}}
{BASKET}"""
BASE = """\
route:
  receiver: default   # operations
receivers:
  - name: default
  - name: pager
  - name: jira
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "all.yaml").write_text(CATALOG)
    (tmp_path / "servicescape.toml").write_text('[compile.alertmanager]\nbase = "am/base.yaml"\n')
    (tmp_path / "am").mkdir()
    (tmp_path / "am" / "base.yaml").write_text(BASE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_compile_and_build_put_ours_into_the_base(here: Path) -> None:
    assert run("compile").return_value == 0
    text = (here / "build/monitoring/alertmanager/alertmanager.yaml").read_text()
    assert "receiver: default   # operations\n  routes:\n" in text
    assert "receiver: pager\n" in text
    assert run("compile", "--check").return_value == 0
    (here / "am" / "base.yaml").write_text(BASE.replace("operations", "the operators"))
    checked = run("compile", "--check")
    assert checked.return_value == 1
    assert "alertmanager.yaml" in checked.output
    assert run("build", "-o", "all").return_value == 0
    assert "the operators" in (here / "all/monitoring/alertmanager/alertmanager.yaml").read_text()
    assert "monitoring/alertmanager/alertmanager.yaml" in (here / "all/README.md").read_text()


def test_a_receiver_that_is_not_there_stops_compile_at_the_teams_line(here: Path) -> None:
    (here / "am" / "base.yaml").write_text(BASE.replace("- name: pager", "- name: pagers"))
    result = run("compile")
    assert result.return_value == 1
    assert "am/base.yaml has no receiver `pager`" in result.output
    assert "catalog/all.yaml:5:26" in result.output
    assert "did you mean `pagers`?" in result.output
    assert not (here / "build").exists()


def test_validate_sees_every_change_of_the_base(here: Path) -> None:
    base = here / "am" / "base.yaml"
    for _ in range(2):  # The second time from the cache.
        assert run("validate").return_value == 0
    base.write_text(BASE.replace("- name: jira", "- name: tickets"))
    for _ in range(2):
        assert "no receiver `jira`" in run("validate").output
    base.write_text(BASE)
    assert run("validate").return_value == 0
    (here / "servicescape.toml").unlink()
    (here / "pyproject.toml").write_text('[tool.servicescape.compile.alertmanager]\nbase = "am/base.yaml"\n')
    assert run("validate").return_value == 0
    base.write_text(BASE.replace("- name: jira", "- name: tickets"))
    assert "no receiver `jira`" in run("validate").output


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('base = "gone.yaml"', "the Alertmanager configuration gone.yaml is not there"),
        ('base = "am"', "the Alertmanager configuration am is not there"),
        ('receiver = "x"\nbase = "am/base.yaml"', "names `x`, which am/base.yaml does not define"),
        ('group-wait = "75"', "`compile.alertmanager.group-wait` is wrong: it is no duration such as `75s`"),
        ('group-wait = ""', "it is no duration"),
        ('repeat-interval = "0s"', "`compile.alertmanager.repeat-interval` is wrong: it must be more than nothing"),
        ('equal = ["a-b"]', "`compile.alertmanager.equal.0` is wrong"),
    ],
)
def test_settings_that_cannot_be(settings: str, message: str, here: Path) -> None:
    (here / "servicescape.toml").write_text(f"[compile.alertmanager]\n{settings}\n")
    result = run("compile")
    assert isinstance(result.exception, ToolError), result.output
    assert message in result.exception.message
    assert result.exception.hint
