"""A small subdistrict for the tests of this room and of the faces."""

from datetime import UTC, date, datetime

from django.apps import apps

from linli.foundation.accounts import services as accounts
from linli.foundation.core.actors import SYSTEM
from linli.foundation.people import services

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def make_area(kind="grid", parent=None, name="一号网格"):
    kinds, areas = apps.get_model("places.AreaKind"), apps.get_model("places.Area")
    kind_row, _made = kinds.objects.get_or_create(code=kind, defaults={"name": kind})
    fields = {
        "kind": kind_row,
        "name": name,
        "code": f"{kind}-{areas.objects.count()}",
        "valid_from": date(2020, 1, 1),
        "border_from": date(2020, 1, 1),
    }
    if any(f.name == "parent" for f in areas._meta.get_fields()):
        fields["parent"] = parent
    area = areas.objects.create(path="/", **fields)
    area.path = f"{parent.path if parent else '/'}{area.pk}/"
    area.save(update_fields=["path"])
    return area


def make_user(username, name="", **kwargs):
    return accounts.create_user(username=username, display_name=name or username, by=SYSTEM, now=NOW, **kwargs)


def make_unit(name="市容科", kind="department", **kwargs):
    return services.create_unit(by=SYSTEM, now=NOW, name=name, kind=kind, starts_on=date(2020, 1, 1), **kwargs)


def make_post(unit, role, **kwargs):
    return services.create_post(by=SYSTEM, now=NOW, unit=unit, role=role, **kwargs)


def appoint(user, post, starts_on=TODAY, ends_on=None):
    return services.appoint(by=SYSTEM, now=NOW, user_id=user.pk, post=post, starts_on=starts_on, ends_on=ends_on)
