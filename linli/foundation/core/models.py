"""The base of every model, and how a model declares which of its fields are personal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models


@dataclass(frozen=True, slots=True)
class Personal:
    """Why a personal field is kept and who may see it.

    Attributes:
        why: the duty that needs it.
        keep_days: days after which it is deleted, counted from the end of that duty; None while the row lives.
        seen_by: who may see it, in words.
        kept: ``encrypted``, ``masked``, ``hashed`` or ``plain``.
    """

    why: str
    keep_days: int | None
    seen_by: str
    kept: str = "plain"


class Base(models.Model):
    """What every model of Linli has: a big id and a declaration of its personal fields.

    ``personal`` maps field name → :class:`Personal`; a model without personal data says
    ``personal = {}``. A repository test fails for a model that says neither.
    """

    id = models.BigAutoField(primary_key=True)

    personal: ClassVar[dict[str, Personal]]

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: models.Field[Any, Any]) -> str:  # noqa: N802  Django's name
        """Return the words of a choice in the language in force.

        Django's own hashes, and so translates, every choice for each word it shows: half the time of a list.
        """
        words = _WORDS.get(field)
        if words is None:
            words = _WORDS[field] = dict(field.flatchoices)
        value = getattr(self, field.attname)
        return str(words.get(value, "" if value is None else value))


_WORDS: dict[models.Field[Any, Any], dict[Any, Any]] = {}
