"""Which sources of problems stand together."""

from __future__ import annotations

from django.db.models import Q

from linli.engines.cases.types import Source

# What the street found by itself, and what citizens told it: the two parts of 主动发现率.
OWN = Q(source__in=(Source.PATROL, Source.NEIGHBOURHOOD, Source.INSPECTION, Source.VIDEO, Source.INTERNAL))
_TOLD = (Source.RESIDENT, Source.WALK_IN, Source.PHONE, Source.MESSAGE, Source.LETTER, Source.EMAIL)
CITIZENS = Q(source__in=(*_TOLD, Source.HOTLINE))
HOTLINE = Q(source=Source.HOTLINE)
FROM_GRID = ~HOTLINE
# What residents said by themselves, not through the city's hotline.
VOICES = Q(source__in=_TOLD)
