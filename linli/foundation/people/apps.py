"""Registers the room `people` with Django."""

from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room `people` on the floor `foundation`."""

    name = "linli.foundation.people"
    label = "people"

    def ready(self) -> None:
        """Tell accounts whose way in is guarded; register what is kept how long, and the room's sheets."""
        from linli.foundation.accounts import permissions  # noqa: PLC0415  models are loaded only now
        from linli.foundation.people import selectors  # noqa: PLC0415

        permissions.guard_by(selectors.is_guarded)
        import_module("linli.foundation.people.tasks")
        import_module("linli.foundation.people.sheet_kinds").enter()
