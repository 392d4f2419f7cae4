"""Registers the room `mailbox` with Django."""

from importlib import import_module

from django.apps import AppConfig


class MailboxConfig(AppConfig):
    """The room `mailbox` on the floor `engines`."""

    name = "linli.engines.mailbox"
    label = "mailbox"

    def ready(self) -> None:
        """Register its jobs."""
        import_module("linli.engines.mailbox.tasks")
