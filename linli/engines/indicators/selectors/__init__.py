"""The public reads of the figures."""

from linli.engines.indicators.selectors.burden import Burden, burden
from linli.engines.indicators.selectors.choosing import NEIGHBOURHOOD, figures, keys_of, labels, minimum, usual_days
from linli.engines.indicators.selectors.counting import counted, narrow_of, opened, overview, trend
from linli.engines.indicators.selectors.days import LONGEST_DAYS, Period, begins, ends
from linli.engines.indicators.selectors.interaction import Interaction, interaction, outside_rows
from linli.engines.indicators.selectors.reading import folded_at, readings, was
from linli.engines.indicators.selectors.scoring import Score, scores
from linli.engines.indicators.selectors.watches import own_watches, watch_for

__all__ = [
    "LONGEST_DAYS",
    "NEIGHBOURHOOD",
    "Burden",
    "Interaction",
    "Period",
    "Score",
    "begins",
    "burden",
    "counted",
    "ends",
    "figures",
    "folded_at",
    "interaction",
    "keys_of",
    "labels",
    "minimum",
    "narrow_of",
    "opened",
    "outside_rows",
    "overview",
    "own_watches",
    "readings",
    "scores",
    "trend",
    "usual_days",
    "was",
    "watch_for",
]
