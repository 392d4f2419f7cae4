"""What the room `publishing` enters when Django starts: what may be written about, and the figures of reports."""

from __future__ import annotations

from linli.programmes.publishing.selectors import begun_from, begun_from_work, counted, counted_work


def register() -> None:
    """Enter everything."""
    begun_from.register()
    begun_from_work.register()
    counted.register()
    counted_work.register()
