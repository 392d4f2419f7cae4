"""The committed OpenAPI document is the one that the code makes; it is OpenAPI 3.1 and says what each call needs."""

import json
from enum import Enum
from typing import get_args

import pytest
from django.test import Client
from pydantic import BaseModel

from linli.interfaces.api.root import api
from tools import openapi


def test_the_document_is_of_today():
    assert openapi.PATH.read_text(encoding="utf8") == openapi.text(), "run python -m tools.openapi"


@pytest.mark.django_db
def test_everybody_may_read_it_and_every_operation_says_its_scope(world):
    found = Client().get("/api/v1/openapi.json").json()
    assert found["openapi"] == "3.1.0"
    assert found == json.loads(openapi.PATH.read_text(encoding="utf8"))
    operations = [o for path in found["paths"].values() for o in path.values()]
    assert len({o["operationId"] for o in operations}) == len(operations)
    assert {o["operationId"] for o in operations if "x-scope" not in o} == {"whoAmI"}
    assert all({"401", "403", "429"} <= set(o["responses"]) for o in operations)


def _types(annotation, found):
    """Gather every class of pydantic and every enum that a shape is made of, by name."""
    for part in get_args(annotation):
        _types(part, found)
    if not isinstance(annotation, type) or annotation in found.get(annotation.__name__, ()):
        return
    if issubclass(annotation, BaseModel):
        found.setdefault(annotation.__name__, set()).add(annotation)
        for field in annotation.model_fields.values():
            _types(field.annotation, found)
    elif issubclass(annotation, Enum):
        found.setdefault(annotation.__name__, set()).add(annotation)


def test_no_two_shapes_have_one_name_since_one_would_hide_the_other():
    found: dict[str, set[type]] = {}
    for _prefix, room in api._routers:
        for view in room.path_operations.values():
            for operation in view.operations:
                for shape in [*operation.models, *(m for m in operation.response_models.values() if m)]:
                    # The wrappers that ninja makes around what goes in and out are no schemas of the document.
                    for field in shape.model_fields.values():
                        _types(field.annotation, found)
    assert {"CaseOut", "AlertOut", "State", "AlertState"} <= set(found)
    assert {name: shapes for name, shapes in found.items() if len(shapes) > 1} == {}
