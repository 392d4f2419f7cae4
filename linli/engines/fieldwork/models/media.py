"""The files that a form names: pictures of its questions and choices, sounds, films."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.foundation.core.models import Base, Personal


class FormMedia(Base):
    """A file under the name by which a form names it; all versions of the form show the same.

    ``digest`` is the MD5, in hex, of what readers get: of a photo the version without what the camera wrote into it.
    """

    form = models.ForeignKey("forms.Form", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=32)
    changed_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "name"], name="fieldwork_media_once")]
