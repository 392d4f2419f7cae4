"""Who may import and export, and whose imports somebody sees."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError, NotFoundError
from linli.foundation.sheets.models import Batch, Layout
from linli.foundation.sheets.types import KINDS, LAYOUTS, SheetKind

# The code of people's Role.SYSTEM_ADMIN: sheets lies below people and knows it by name only.
ADMINISTRATOR = "system_admin"


def may_administer(by: Actor) -> bool:
    """Return whether ``by`` sets the subdistrict up: what most kinds ask for."""
    return by.is_system or by.has_role(ADMINISTRATOR)


def kinds_for(by: Actor) -> list[SheetKind]:
    """Return the kinds that ``by`` may import and export, in their order."""
    return sorted((k for k in KINDS.values() if k.may(by)), key=lambda k: (k.order, k.code))


def kind_for(by: Actor, code: str) -> SheetKind:
    """Return the kind ``code``; to those who may not have it, it does not exist."""
    kind = KINDS.get(code)
    if kind is None or not kind.may(by):
        raise NotFoundError(_("没有这种表格。"), code="sheets.kind")
    return kind


def confirms(by: Actor) -> list[str]:
    """Return the kinds in which ``by`` puts in force what others propose."""
    return [k.code for k in KINDS.values() if k.second is not None and k.second.may(by)]


def visible(by: Actor) -> QuerySet[Batch]:
    """Return the imports that ``by`` sees: of kinds that are theirs to import or to confirm."""
    codes = {k.code for k in kinds_for(by)} | set(confirms(by))
    return Batch.objects.filter(kind__in=codes)


def check_may(by: Actor, kind: SheetKind) -> None:
    """Raise unless ``by`` may import the kind."""
    if not kind.may(by):
        raise ForbiddenError(_("您没有进行这项操作的权限。"), code="sheets.role")


def visible_layouts(by: Actor) -> QuerySet[Layout]:
    """Return the layouts that ``by`` sees and changes: of sheets that are theirs to bring."""
    return Layout.objects.filter(kind__in=[code for code, may in LAYOUTS.items() if may(by)])


def check_layouts(by: Actor, code: str) -> None:
    """Raise unless ``by`` may bring sheets of this kind."""
    if code not in LAYOUTS or not LAYOUTS[code](by):
        raise ForbiddenError(_("您没有进行这项操作的权限。"), code="sheets.role")
