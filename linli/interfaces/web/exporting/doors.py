"""Who may take lists out at all: people with a post. Which list is theirs, its own door says."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.people.types import Role
from linli.interfaces.web.access import behind


def check_post(by: Actor) -> None:
    """Raise ForbiddenError unless ``by`` holds a post, those who set up and audit among them: residents do not."""
    if not by.roles - {Role.RESIDENT.value}:
        raise ForbiddenError(
            _("这个页面供工作人员使用。"), code="exports.staff", hint=_("居民请从首页反映问题、查询进度。")
        )


at_work = behind(check_post)
