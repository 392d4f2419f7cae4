"""The public writes of the figures: folding, counting again, thresholds, figures from outside."""

from linli.engines.indicators.services.folding import fold, fold_all, rebuild
from linli.engines.indicators.services.outside import enter_outside, withdraw_outside
from linli.engines.indicators.services.reading import read_day
from linli.engines.indicators.services.watching import drop_watch, look, set_watch

__all__ = [
    "drop_watch",
    "enter_outside",
    "fold",
    "fold_all",
    "look",
    "read_day",
    "rebuild",
    "set_watch",
    "withdraw_outside",
]
