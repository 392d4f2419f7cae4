"""Forms that a programme found by the beginning of their codes say in their purpose which programme offers them."""

from typing import Any

from django.db import migrations

_SHIPPED = {
    "visit_condolence": "condolence",
    "rent_check": "shared_flat",
    "house_safety": "building_safety",
    "experience": "experience",
}
_NAMED = {"visit.condolence": "condolence", "housing.check": "shared_flat", "building.safety": "building_safety"}
_BEGINNINGS = {"visit.": "visit", "street.": "patrol", "experience.": "experience", "survey.": "survey"}


def _finer(apps: Any, _editor: Any) -> None:
    """What was taken from the library, or named as a programme asked for it, is offered by that programme."""
    rows = apps.get_model("forms", "Form").objects
    for code, kind in _SHIPPED.items():
        rows.filter(code=code, shipped__gt=0, kind__in=["visit", "housing", "supervision"]).update(kind=kind)
    for code, kind in _NAMED.items():
        rows.filter(code=code, kind="").update(kind=kind)
    for beginning, kind in _BEGINNINGS.items():
        rows.filter(code__startswith=beginning, kind="").update(kind=kind)


def _coarser(apps: Any, _editor: Any) -> None:
    former = {"condolence": "visit", "shared_flat": "housing", "building_safety": "housing", "experience": "supervision"}
    for kind, coarse in former.items():
        apps.get_model("forms", "Form").objects.filter(kind=kind).update(kind=coarse)


class Migration(migrations.Migration):
    dependencies = [("forms", "0002_drafts")]

    operations = [migrations.RunPython(_finer, _coarser)]
