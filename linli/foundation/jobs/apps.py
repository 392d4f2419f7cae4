"""Registers the room `jobs` with Django."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The room `jobs` on the floor `foundation`."""

    name = "linli.foundation.jobs"
    label = "jobs"
