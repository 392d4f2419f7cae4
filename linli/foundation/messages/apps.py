"""Registers the room `messages` with Django."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """The room `messages` on the floor `foundation`."""

    name = "linli.foundation.messages"
    label = "linli_messages"
