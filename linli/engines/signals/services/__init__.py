"""Public writes of the room `signals`. Keep it small and stable."""

from linli.engines.signals.services.judging import accept, default_text, reject
from linli.engines.signals.services.keeping import add_device, change_device, forget
from linli.engines.signals.services.screening import check_harmless
from linli.engines.signals.services.taking import hear, put_flow, take
from linli.engines.signals.services.watching import look

__all__ = [
    "accept", "add_device", "change_device", "check_harmless", "default_text", "forget", "hear", "look", "put_flow",
    "reject", "take",
]  # fmt: skip
