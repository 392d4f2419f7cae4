"""What holds for every file of code."""

import ast
import re

import pytest
from django.apps import apps

from tests.repository.files import ROOT, kept, name, python

MODULE_LINES = 600
FUNCTION_LINES = 80
# Layers in which rows may be reached directly; everywhere else selectors and services stand before them.
# The second line are the parts of a room that services are made of; the contract keeps them inside their room.
MAY_QUERY = {"models", "selectors", "services", "permissions", "tests", "migrations"} | {
    "queue",
    "sheet_kinds",
    "admission",
    "delivery",
    "digests",
    "wording",
    "templates",
    "search",
    "tasks",
    "sealing",
    "standing",
    "standing_reads",
    "verifying",
    "sessions",
    "attempts",
    "checking",
}


def own_models():
    return [m for m in apps.get_models() if m.__module__.startswith("linli.")]


@pytest.mark.parametrize("model", own_models(), ids=lambda m: m._meta.label)
def test_every_model_declares_its_personal_fields(model):
    declared = model.__dict__.get("personal")
    assert declared is not None, "say `personal = {}` or name the personal fields"
    fields = {f.name for f in model._meta.get_fields()}
    assert set(declared) <= fields


@pytest.mark.parametrize("model", own_models(), ids=lambda m: m._meta.label)
def test_every_constraint_is_named_after_its_table_or_room(model):
    for constraint in model._meta.constraints:
        assert constraint.name
        assert len(constraint.name) <= 63


def test_rows_are_reached_through_selectors_and_services():
    found = []
    for path in python():
        inside = {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
        if inside & MAY_QUERY or path.is_relative_to(ROOT / "linli/foundation/core"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf8").splitlines(), 1):
            if ".objects." in line.split("#")[0]:
                found.append(f"{name(path)}:{number}")
    assert found == []


def test_modules_are_short():
    long = {
        name(p): lines
        for p in python(tests=True)
        if (lines := len(p.read_text(encoding="utf8").splitlines())) > MODULE_LINES
    }
    assert long == {}


def functions(tree):
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.slow
def test_functions_are_short():
    long = {
        f"{name(path)}:{f.name}": f.end_lineno - f.lineno + 1
        for path in python(tests=True)
        for f in functions(ast.parse(path.read_text(encoding="utf8")))
        if f.end_lineno - f.lineno + 1 > FUNCTION_LINES
    }
    assert long == {}


def is_check(node):
    """Return whether ``node`` claims something: assert, pytest.raises and the like, or a helper that says so."""
    if isinstance(node, ast.Assert):
        return True
    if not isinstance(node, ast.Call):
        return False
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return called in {"raises", "warns", "fail", "expect"} or called.startswith(
        ("assert", "check", "expect", "run_state_machine", "django_assert", "wait_for")
    )


def test_every_test_claims_something():
    found = []
    for path in kept():
        if path.suffix != ".py" or "tests" not in path.parts or not path.name.startswith("test_"):
            continue
        tree = ast.parse(path.read_text(encoding="utf8"))
        helpers = {f.name for f in functions(tree) if any(is_check(n) for n in ast.walk(f))}
        for function in functions(tree):
            if not function.name.startswith("test_"):
                continue
            calls = {
                getattr(n.func, "id", getattr(n.func, "attr", ""))
                for n in ast.walk(function)
                if isinstance(n, ast.Call)
            }
            if function.name not in helpers and not calls & helpers:
                found.append(f"{name(path)}:{function.name}")
    assert found == []


@pytest.mark.parametrize("path", [p for p in python() if p.name == "rules.py" or "rules" in p.parent.name], ids=name)
def test_rules_are_pure(path):
    """Rules take plain values: no Django, no clock, no database."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        modules = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        for module in modules:
            words_only = module.startswith("django.utils.translation")
            assert words_only or not module.startswith(("django", "psycopg", "sqlite3", "linli.foundation.core.clock"))


def test_there_are_no_signals_admin_or_content_types():
    banned = re.compile(r"contrib\.(admin|contenttypes)|GenericForeignKey|dispatch import receiver|post_save|pre_save")
    found = [name(p) for p in python() if banned.search(p.read_text(encoding="utf8"))]
    assert found == []
