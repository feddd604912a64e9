"""What stands as text below the attributes of a class, for the descriptions of its JSON Schema.

pydantic can read these texts itself, and does so when a class is made: every command would pay for what one needs.
"""

import ast
import inspect
import sys
from functools import cache
from typing import Any

from pydantic.config import JsonDict


def describe_properties(schema: JsonDict, model: type[Any]) -> None:
    """Adds the texts to the properties of a model's schema, but for those that have a description."""
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return
    texts = words_of(model)
    for name, field in model.model_fields.items():
        value = properties.get(field.alias or name)
        if isinstance(value, dict) and name in texts:
            value.setdefault("description", texts[name])


def words_of(model: type[Any]) -> dict[str, str]:
    """Attribute → what stands below it, in the class itself or in one that it is made from."""
    texts: dict[str, str] = {}
    for each in reversed(model.__mro__):
        texts.update(_texts(each))
    return texts


def _texts(model: type[Any]) -> dict[str, str]:
    return _texts_of_module(model.__module__).get(model.__qualname__, {})


@cache
def _texts_of_module(name: str) -> dict[str, dict[str, str]]:
    """Class → attribute → text; nothing for a module that comes without its source."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[name]))
    except (KeyError, OSError, TypeError):
        return {}
    return {each.name: dict(_texts_in(each)) for each in tree.body if isinstance(each, ast.ClassDef)}


def _texts_in(body: ast.ClassDef) -> list[tuple[str, str]]:
    return [
        (attribute.target.id, inspect.cleandoc(text.value.value))
        for attribute, text in zip(body.body, body.body[1:], strict=False)
        if isinstance(attribute, ast.AnnAssign)
        and isinstance(attribute.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    ]
