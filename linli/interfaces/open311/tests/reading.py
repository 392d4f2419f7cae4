"""Reading what Open311 answers: XML turned into what JSON says by the Spark convention, and its bytes looked at."""

import json
import re
import xml.etree.ElementTree as ET

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

LISTS = {"services", "service_requests", "errors", "attributes", "values", "endpoints", "formats"}
TRUTHS = {"metadata", "variable", "required"}
NUMBERS = {"lat", "long", "order", "code"}


def spark(element, parent=""):
    """Return an element as JSON has it: a list for an element of rows, null for an empty one."""
    if element.tag in LISTS:
        return [spark(child, element.tag) for child in element]
    if len(element):
        return {child.tag: spark(child, element.tag) for child in element}
    text = element.text
    if text is None:
        return None
    if element.tag in TRUTHS:
        return {"true": True, "false": False}[text]
    if element.tag in NUMBERS and not (element.tag == "code" and parent == "attribute"):
        return float(text) if "." in text else int(text)
    return text


def read(answer, fmt):
    """Return what an answer says; its headers and bytes are as the standard wants them."""
    if fmt == "json":
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        return json.loads(answer.content.decode("utf8"))
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<')
    assert b"xmlns" not in answer.content
    assert not re.search(rb"<[^>]*:[^>]*>", answer.content.split(b"?>", 1)[1]), "a name with a namespace"
    return spark(ET.fromstring(answer.content.decode("utf8")))


_TEXT, _MAYBE = {"type": "string", "minLength": 1}, {"type": ["string", "null"]}
_MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}
_NO_MOMENT = {"anyOf": [_MOMENT, {"type": "null"}]}


def _object(properties, optional=()):
    return {
        "type": "object",
        "properties": properties,
        "required": [k for k in properties if k not in optional],
        "additionalProperties": False,
    }


def _list(items, **more):
    return {"type": "array", "items": items, **more}


# Written from the standard's tables; the schemas that its project published are drafts with faults of their own.
SCHEMAS = {
    "discovery": _object(
        {
            "changeset": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d \d\d:\d\d$"},
            "contact": _TEXT,
            "key_service": _TEXT,
            "endpoints": _list(
                _object(
                    {
                        "specification": {"const": "http://wiki.open311.org/GeoReport_v2"},
                        "url": {"type": "string", "pattern": "^https?://.*[^/]$"},
                        "changeset": _TEXT,
                        "type": {"enum": ["production", "test"]},
                        "formats": _list({"enum": ["text/xml", "application/json"]}, minItems=1),
                    }
                ),
                minItems=1,
            ),
        }
    ),
    "services": _list(
        _object(
            {
                "service_code": _TEXT,
                "service_name": _TEXT,
                "description": _MAYBE,
                "metadata": {"type": "boolean"},
                "type": {"enum": ["realtime", "batch", "blackbox"]},
                "keywords": _MAYBE,
                "group": _TEXT,
            }
        ),
        minItems=1,
    ),
    "definition": _object(
        {
            "service_code": _TEXT,
            "attributes": _list(
                _object(
                    {
                        "variable": {"type": "boolean"},
                        "code": _TEXT,
                        "datatype": {
                            "enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
                        },
                        "required": {"type": "boolean"},
                        "datatype_description": _MAYBE,
                        "order": {"type": "integer", "minimum": 1},
                        "description": _TEXT,
                        "values": _list(_object({"key": _TEXT, "name": _TEXT}), minItems=1),
                    },
                    optional=("values",),
                )
            ),
        }
    ),
    "requests": _list(
        _object(
            {
                "service_request_id": _TEXT,
                "status": {"enum": ["open", "closed"]},
                "status_notes": _MAYBE,
                "service_name": _TEXT,
                "service_code": _TEXT,
                "description": _MAYBE,
                "agency_responsible": _MAYBE,
                "service_notice": _MAYBE,
                "requested_datetime": _MOMENT,
                "updated_datetime": _MOMENT,
                "expected_datetime": _NO_MOMENT,
                "address": _MAYBE,
                "address_id": _MAYBE,
                "zipcode": _MAYBE,
                "lat": {"type": ["number", "null"]},
                "long": {"type": ["number", "null"]},
                "media_url": _MAYBE,
            }
        )
    ),
    "sent": _list(
        {
            "oneOf": [
                _object({name: _TEXT, "service_notice": _MAYBE, "account_id": _MAYBE})
                for name in ("service_request_id", "token")
            ]
        },
        minItems=1,
        maxItems=1,
    ),
    "token": _list(_object({"service_request_id": _MAYBE, "token": _TEXT}), minItems=1, maxItems=1),
    "errors": _list(_object({"code": {"type": "integer"}, "description": _TEXT}), minItems=1),
}


def check(name, value):
    """Fail unless ``value`` is as the standard's table ``name`` says."""
    faults = [f"{list(e.path)}: {e.message}" for e in Draft202012Validator(SCHEMAS[name]).iter_errors(value)]
    assert not faults, faults[:5]
    return value
