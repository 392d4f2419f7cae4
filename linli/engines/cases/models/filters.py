"""Filters that somebody keeps under a name."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.foundation.core.models import Base, Personal


class SavedFilter(Base):
    """A list's filters under a name of the user's own; ``query`` is the address's query string."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=20)
    query = models.CharField(max_length=500)

    personal: ClassVar[dict[str, Personal]] = {"user": Personal("whose list it is", None, "the person")}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "name"), name="cases_savedfilter_once"),)
        ordering = ("name",)

    def __str__(self) -> str:
        """Return its name."""
        return self.name
