"""Registers the room `publishing` with Django."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """The room `publishing` on the floor `programmes`."""

    name = "linli.programmes.publishing"
    label = "publishing"

    def ready(self) -> None:
        """Enter what may be written about and the figures, and say how long what is kept."""
        from linli.programmes.publishing import services, tasks  # noqa: F401, PLC0415  Django must be set up

        tasks.register()
