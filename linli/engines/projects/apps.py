"""Registers the room `projects` with Django."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """The room `projects` on the floor `engines`."""

    name = "linli.engines.projects"
    label = "projects"
