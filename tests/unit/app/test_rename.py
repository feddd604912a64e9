"""What `rename` rewrites, and what it refuses."""

from pathlib import Path

import pytest

from servicescape.app.load import load
from servicescape.app.rename import rename
from servicescape.app.rewrite import rewrite
from servicescape.diagnostics.errors import ToolError

TEXT = """\
apiVersion: servicescape/v1
kind: External
metadata:
  name: psp   # the provider
  aliases:
    - old-psp
spec: {vendor: Pay Inc}
---
apiVersion: servicescape/v1
kind: External
metadata: {name: bank, namespace: shop}
spec:
  vendor: Bank
  dependsOn:
    - "default/psp"              # quoted
    - {on: 'external:default/old-psp', kind: soft}
    - anyOf: [default/psp, default/dns]
---
apiVersion: servicescape/v1
kind: External
metadata: {name: dns, labels: {about: psp}}
spec:
  vendor: Names
  dependsOn: [&one psp]
  x-note: psp
---
apiVersion: servicescape/v1
kind: Channel
metadata: {name: web}
spec: {mode: self-service, runsOn: [psp]}
"""


def written(folder: Path, text: str) -> Path:
    (folder / "catalog").mkdir()
    (folder / "catalog" / "a.yaml").write_bytes(text.encode())
    return folder


def renamed(folder: Path, text: str, ref: str, name: str, *, keep_alias: bool = False) -> str:
    rewrite(rename(ref, name, keep_alias=keep_alias, cwd=written(folder, text)).changes)
    return (folder / "catalog" / "a.yaml").read_bytes().decode()


def test_every_form_of_a_reference(tmp_path: Path) -> None:
    text = TEXT.replace("[psp]", "['psp']")
    assert renamed(tmp_path, text, "psp", "payments") == (
        text.replace("name: psp", "name: payments")
        .replace("default/psp", "default/payments")
        .replace("default/old-psp", "default/payments")
        .replace("&one psp", "&one payments")
        .replace("['psp']", "['payments']")
    )


def test_line_breaks_and_byte_order_mark_stay(tmp_path: Path) -> None:
    text = "\ufeff" + TEXT.replace("\n", "\r\n")
    after = renamed(tmp_path, text, "psp", "payments", keep_alias=True)
    assert after.startswith("\ufeffapiVersion")
    assert after.count("\r\n") == after.count("\n") == text.count("\n") + 1
    assert "    - old-psp\r\n    - psp\r\n" in after


def test_old_name_is_kept(tmp_path: Path) -> None:
    text = TEXT
    assert "metadata: {name: internet, aliases: [web]}" in renamed(tmp_path, text, "web", "internet", keep_alias=True)
    assert load(cwd=tmp_path).catalog.find("web", ("Channel",)) == "channel:internet"


def test_old_name_is_kept_below_a_name_on_its_own_line(tmp_path: Path) -> None:
    text = (
        "apiVersion: servicescape/v1\nkind: External\nmetadata:\n  name: psp   # why\n  title: P\nspec: {vendor: V}\n"
    )
    after = renamed(tmp_path, text, "psp", "pay", keep_alias=True)
    assert after == text.replace("name: psp   # why\n", "name: pay   # why\n  aliases: [psp]\n")


def test_names_that_look_like_something_else_are_quoted(tmp_path: Path) -> None:
    text = TEXT
    after = renamed(tmp_path, text, "psp", "24")
    assert 'name: "24"   # the provider' in after
    assert 'runsOn: ["24"]' in after
    assert "default/24" in after


def test_a_reference_that_would_mean_something_else_gets_its_kind(tmp_path: Path) -> None:
    text = """\
apiVersion: servicescape/v1
kind: External
metadata: {name: shop}
spec: {vendor: V}
---
apiVersion: servicescape/v1
kind: Team
metadata: {name: crew}
---
apiVersion: servicescape/v1
kind: Channel
metadata: {name: web}
spec: {mode: live}
---
apiVersion: servicescape/v1
kind: Journey
metadata: {name: buy}
spec: {owner: crew, steps: [{name: go, legs: [{channel: web}]}]}
---
apiVersion: servicescape/v1
kind: SLO
metadata: {name: promise}
spec: {for: buy, objective: 99, indicator: {errorRatio: "rate(x[{{window}}])"}}
"""
    assert 'for: "journey:shop"' in renamed(tmp_path, text, "journey:buy", "shop")
    assert load(cwd=tmp_path).catalog.slos["slo:promise"].target == "journey:shop"


def refusal(folder: Path, text: str, ref: str, name: str) -> str:
    with pytest.raises(ToolError) as refused:
        rename(ref, name, cwd=written(folder, text))
    assert refused.value.hint
    return refused.value.message


@pytest.mark.parametrize(
    ("ref", "name", "said"),
    [
        ("psp", "dns", "`dns` is taken: it is the name of `external:dns` (catalog/a.yaml:21:18)"),
        ("psp", "old-psp", "`old-psp` is taken: it is an old name of `external:psp`"),
        ("psp", "psp", "has this name already"),
        ("psp", "Payments", "`Payments` is not a name"),
        ("psp", "shop/psp2", "`shop/psp2` is not a name"),
        ("psq", "pay", "`psq` is not defined"),
    ],
)
def test_refused_names(tmp_path: Path, ref: str, name: str, said: str) -> None:
    assert said in refusal(tmp_path, TEXT, ref, name)


def test_refused_where_a_file_that_mentions_it_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "z.yaml").write_text("a: [psp\n")
    (tmp_path / "catalog" / "y.yaml").write_text("a: [other\n")
    (tmp_path / "catalog" / "a.yaml").write_text(TEXT)
    with pytest.raises(ToolError, match=r"parts of catalog/z\.yaml cannot be read and may refer to `psp`"):
        rename("psp", "pay", cwd=tmp_path)


def test_refused_where_an_alias_repeats_it_elsewhere(tmp_path: Path) -> None:
    text = TEXT.replace("x-note: psp", "extensions: {note: *one}")
    assert "something else than the name would change" in refusal(tmp_path, text, "psp", "pay")


def test_an_anchored_name_is_edited_once(tmp_path: Path) -> None:
    text = TEXT.replace(
        "spec: {mode: self-service, runsOn: [psp]}",
        "spec: {mode: self-service, runsOn: [&it psp]}\n---\napiVersion: servicescape/v1\nkind: Scenario\n"
        "metadata: {name: s}\nspec: {fail: [&it psp], degrade: [*it]}",
    )
    after = renamed(tmp_path, text, "psp", "pay")
    assert "{fail: [&it pay], degrade: [*it]}" in after


def test_nothing_is_written_where_one_file_cannot_be(tmp_path: Path) -> None:
    folder = written(tmp_path, TEXT)
    result = rename("dns", "names", cwd=folder)
    file = folder / "catalog" / "a.yaml"
    file.write_text(TEXT + "# changed meanwhile\n")
    with pytest.raises(ToolError, match="changed by somebody else"):
        rewrite(result.changes)
    assert file.read_text() == TEXT + "# changed meanwhile\n"
    assert [path.name for path in (folder / "catalog").iterdir()] == ["a.yaml"]
