"""Registers the room `owners` with Django."""

from django.apps import AppConfig


class OwnersConfig(AppConfig):
    """The room `owners` on the floor `programmes`."""

    name = "linli.programmes.owners"
    label = "owners"

    def ready(self) -> None:
        """Take evaluations over as their records come to stand."""
        from linli.engines.fieldwork.events import on_counted  # noqa: PLC0415  the apps must be ready
        from linli.programmes.owners.services import take_over  # noqa: PLC0415

        on_counted(take_over)
