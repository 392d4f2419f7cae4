"""Registers the room `people` with Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room `people` on the floor `foundation`."""

    name = "linli.foundation.people"
    label = "people"
