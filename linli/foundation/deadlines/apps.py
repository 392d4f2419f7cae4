"""Registers the room `deadlines` with Django."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """The room `deadlines` on the floor `foundation`."""

    name = "linli.foundation.deadlines"
    label = "deadlines"
