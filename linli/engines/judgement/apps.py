"""Registers the room `judgement` with Django."""

from django.apps import AppConfig


class JudgementConfig(AppConfig):
    """The room `judgement` on the floor `engines`."""

    name = "linli.engines.judgement"
    label = "judgement"

    def ready(self) -> None:
        """Register what follows cases, and jobs."""
        from linli.engines.judgement import tasks  # noqa: F401, PLC0415
