"""Public writes of the room `alerts`. Keep it small and stable."""

from linli.engines.alerts.services.noting import acknowledge, remind
from linli.engines.alerts.services.taking import change, enter, lift, take, take_cap

__all__ = ["acknowledge", "change", "enter", "lift", "remind", "take", "take_cap"]
