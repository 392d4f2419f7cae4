"""Registers the room `projects` with Django."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """The room `projects` on the floor `engines`."""

    name = "linli.engines.projects"
    label = "projects"

    def ready(self) -> None:
        """Register what other rooms set off."""
        from linli.engines.projects import tasks  # noqa: F401, PLC0415
