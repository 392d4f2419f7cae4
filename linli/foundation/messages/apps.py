"""Registers the room `messages` with Django."""

from importlib import import_module

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """The room `messages` on the floor `foundation`."""

    name = "linli.foundation.messages"
    label = "linli_messages"

    def ready(self) -> None:
        """Register the jobs of this room."""
        import_module("linli.foundation.messages.tasks")
