"""The committed OpenAPI document is the one that the code makes; it is OpenAPI 3.1 and says what each call needs."""

import json

import pytest
from django.test import Client

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
