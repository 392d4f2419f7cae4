"""The rows of the room."""

from linli.engines.indicators.models.grains import Act, Balance, Fact, Folded, Reading, Span
from linli.engines.indicators.models.outside import OutsideFigure
from linli.engines.indicators.models.watches import Watch

__all__ = ["Act", "Balance", "Fact", "Folded", "OutsideFigure", "Reading", "Span", "Watch"]
