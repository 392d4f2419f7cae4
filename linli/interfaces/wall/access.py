"""Who sees the wall: those who read every case of the subdistrict. To others the page does not exist."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.engines.cases.workflow import READERS_ALL
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError

READERS = READERS_ALL


def check_reader(by: Actor) -> None:
    """Raise NotFoundError unless ``by`` reads every case."""
    if not any(g.role in READERS and not g.area_path for g in by.grants):
        raise NotFoundError(_("没有找到这个页面。"))
