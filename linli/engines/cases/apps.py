"""Registers the room `cases` with Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The room `cases` on the floor `engines`."""

    name = "linli.engines.cases"
    label = "cases"
