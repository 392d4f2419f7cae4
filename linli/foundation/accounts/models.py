"""Who can log in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class UserManager(BaseUserManager["User"]):
    """Finds users by the name they log in with."""


class User(AbstractBaseUser, Base):
    """A person who can log in: a name, a password or one-time codes, and nothing about their life."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    username = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=64)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"

    personal: ClassVar[dict[str, Personal]] = {
        "username": Personal("logging in", 0, "the user, administrators"),
        "display_name": Personal("naming who acts", None, "colleagues"),
    }

    def __str__(self) -> str:
        """Return the name shown to colleagues."""
        return self.display_name
