"""Registers the room `judgement` with Django."""

from importlib import import_module

from django.apps import AppConfig


class JudgementConfig(AppConfig):
    """The room `judgement` on the floor `engines`."""

    name = "linli.engines.judgement"
    label = "judgement"

    def ready(self) -> None:
        """Register what follows cases, and jobs."""
        import_module("linli.engines.judgement.tasks.category")
        import_module("linli.engines.judgement.tasks.duplicates")
