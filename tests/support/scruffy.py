"""Writes values as YAML in every way that the language allows and nobody should: the material of layout tests."""

import json
from random import Random
from typing import Any

_SAFE_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


class ScruffyWriter:
    """Writes documents by the dice of one seed: indentation, quotes, brackets, blank lines and comments."""

    def __init__(self, seed: int) -> None:
        self._dice = Random(seed)
        self._comments = 0

    def text(self, values: list[Any]) -> str:
        """Several documents as one text."""
        dice = self._dice
        pieces = []
        for number, value in enumerate(values):
            start = "" if number == 0 and dice.random() < 0.7 else dice.choice(["---\n", "---   # marker\n"])
            lines = self._collection(value, 0) if value else ["{}"]
            pieces.append(start + "".join(f"{line}\n" for line in [*self._loose(0), *lines, *self._loose(0)]))
        return "".join(pieces)

    def _loose(self, indent: int) -> list[str]:
        """Blank lines and comments of their own."""
        lines = []
        while self._dice.random() < 0.15:
            lines.append(self._dice.choice(["", "  ", " " * indent + self._comment()]))
        return lines

    def _comment(self) -> str:
        self._comments += 1
        return self._dice.choice(["#", "# ", "#  ", "## "]) + f"note {self._comments}" + self._dice.choice(["", " "])

    def _behind(self) -> str:
        if self._dice.random() < 0.15:
            return self._dice.choice([" ", "  ", "      "]) + self._comment()
        return self._dice.choice(["", "", "", "  "])

    def _collection(self, value: Any, indent: int) -> list[str]:
        """Lines of a mapping or list that is not empty, written by indentation."""
        lines: list[str] = []
        is_map = isinstance(value, dict)
        items = list(value.items()) if is_map else [(None, item) for item in value]
        if is_map and self._dice.random() < 0.4:
            self._dice.shuffle(items)
        for key, item in items:
            lines.extend(self._loose(indent))
            head = " " * indent + (f"{self._key(key)}{self._dice.choice([':', ':', ' :'])}" if is_map else "-")
            lines.extend(self._entry(head, item, indent, is_map=is_map))
            if self._dice.random() < 0.1:
                lines.append(" " * indent + self._comment())
        return lines

    def _entry(self, head: str, item: Any, indent: int, *, is_map: bool) -> list[str]:
        dice = self._dice
        if isinstance(item, dict | tuple) and item and dice.random() < 0.7:
            if is_map and isinstance(item, tuple) and dice.random() < 0.4:
                return [head + self._behind(), *self._collection(item, indent)]
            if not is_map and dice.random() < 0.6:
                step = dice.choice([2, 3, 4])
                first, *others = self._collection(item, indent + step)
                if first.strip() and not first.strip().startswith("#"):
                    return [head + " " * (step - 1) + first.lstrip(), *others]
                return [head, first, *others]
            return [head + self._behind(), *self._collection(item, indent + dice.choice([1, 2, 3, 4]))]
        if isinstance(item, str) and item and dice.random() < 0.15 and self._fits_a_block(item):
            inner = " " * (indent + dice.choice([1, 2, 5]))
            sign = dice.choice(["|", "|-" if not item.endswith("\n") else "|"])
            text = item if item.endswith("\n") or sign == "|-" else None
            if text is not None:
                lines = text.removesuffix("\n").split("\n")
                return [f"{head} {sign}", *(inner + line if line else "" for line in lines)]
        words = self._inline(item, indent + 2)
        gap = dice.choice([" ", " ", "   "])
        if words and dice.random() < 0.1:
            return [head + self._behind(), " " * (indent + 3) + words]
        return [(head + gap + words).rstrip() + self._behind()]

    def _fits_a_block(self, text: str) -> bool:
        lines = text.removesuffix("\n").split("\n")
        return all(line == line.strip() and line.isprintable() for line in lines) and bool(lines[0]) and bool(lines[-1])

    def _inline(self, item: Any, indent: int, *, in_flow: bool = False) -> str:
        dice = self._dice
        if isinstance(item, dict | tuple):
            gap = dice.choice(["", " "])
            if isinstance(item, dict):
                parts = [
                    f"{self._key(key)}: {self._inline(value, indent, in_flow=True)}" for key, value in item.items()
                ]
                opening, closing = "{", "}"
            else:
                parts = [self._inline(value, indent, in_flow=True) for value in item]
                opening, closing = "[", "]"
            comma = dice.choice([",", ", ", " ,", f",\n{' ' * indent}", f",  #c\n{' ' * indent}"])
            return opening + gap + comma.join(part or "null" for part in parts) + gap + closing
        if isinstance(item, str):
            return self._quoted(item)
        if item is None:
            return "null" if in_flow else dice.choice(["null", "~", ""])
        return str(item).lower() if isinstance(item, bool) else str(item)

    def _key(self, key: str) -> str:
        return key if self._is_plain(key) and self._dice.random() < 0.8 else self._quoted(key)

    def _is_plain(self, text: str) -> bool:
        return (
            bool(text)
            and set(text.lower()) <= _SAFE_PLAIN
            and text[0].isalpha()
            and text not in ("null", "true", "false")
        )

    def _quoted(self, text: str) -> str:
        choice = self._dice.random()
        if choice < 0.5 and self._is_plain(text):
            return text
        if choice < 0.75 and text.isprintable():
            return "'" + text.replace("'", "''") + "'"
        return json.dumps(text, ensure_ascii=max(text, default="") < "\U00010000")
