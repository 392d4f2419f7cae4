"""E-bikes counted, and charging facilities being built."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.foundation.people import permissions as people
from linli.foundation.places import selectors as places
from linli.foundation.venues import permissions
from linli.foundation.venues.models import BikeCount, ChargingProject
from linli.foundation.venues.services.kinds import invalid
from linli.foundation.venues.types import ProjectData, Stage

if TYPE_CHECKING:
    from linli.foundation.places.models import Area


def _check_at(by: Actor, path: str) -> None:
    if not by.holds(permissions.KEEPERS, area_path=path):
        people.check(by, "console:configure")


@whole
def count_bikes(
    *, by: Actor, now: datetime, bikes: int, counted_on: date, source: str, area_id: int | None = None,
    place_id: int | None = None,
) -> BikeCount:  # fmt: skip
    """Enter how many e-bikes a 居民区 (``area_id``) or a 小区 (``place_id``) has; a count of the same day is replaced.

    Raises:
        ForbiddenError, InvalidError: no such subject, a negative number, a day to come, no source.
    """
    try:
        area = places.area(area_id) if area_id is not None else None
        place = places.place(place_id) if area is None and place_id is not None else None
    except DomainError as error:
        raise invalid("subject", _("请选择小区或居民区。")) from error
    if area is None and place is None:
        raise invalid("subject", _("请选择小区或居民区。"))
    home = area or (place.area if place else None)
    _check_at(by, home.path if home else "")
    if not 0 <= bikes <= 100_000:
        raise invalid("bikes", _("数量应为 0 至 100000。"))
    if counted_on > timezone.localdate(now):
        raise invalid("counted_on", _("清点日期不能晚于今天。"))
    if not clean(source):
        raise invalid("source", _("请写明数据来源，例如：物业登记、居委清点。"))
    made, _new = BikeCount.objects.update_or_create(
        area=area, place=place, counted_on=counted_on, defaults={"bikes": bikes, "source": clean(source)[:100]}
    )
    subject = area or place
    journal.record(
        by=by, verb="venues.count_bikes", kind="bike_count", uuid=None, label=str(subject), now=now,
        after={"bikes": bikes, "counted_on": counted_on.isoformat(), "source": made.source},
    )  # fmt: skip
    return made


@whole
def save_project(*, by: Actor, now: datetime, data: ProjectData, uuid: UUID | None = None) -> ChargingProject:
    """Enter charging facilities to be built, or bring one (``uuid``) to another stage; its history keeps the earlier.

    Raises:
        NotFoundError, ForbiddenError: no such project, or not by this person.
        InvalidError: no name or another's, no such stage or area, a day before the last stage's.
    """
    area = _area(data.area_id)
    _check_at(by, area.path if area else "")
    project = _project(by, uuid)
    _check_project(project, data)
    before = {"stage": project.stage, "stage_on": project.stage_on.isoformat()} if project.pk else None
    if before is None or project.stage != data.stage:
        project.history = [*project.history, [data.stage, data.stage_on.isoformat()]]
        project.stage, project.stage_on = data.stage, data.stage_on
    project.name, project.area, project.sockets = clean(data.name), area, data.sockets
    project.planned_end, project.note = data.planned_end, clean(data.note)[:300]
    project.save()
    journal.record(
        by=by, verb="venues.save_project", kind="charging_project", uuid=project.uuid, label=project.name, now=now,
        before=before, after={"stage": data.stage, "stage_on": data.stage_on.isoformat(), "sockets": data.sockets},
    )  # fmt: skip
    return project


def _area(area_id: int | None) -> Area | None:
    try:
        return places.area(area_id) if area_id is not None else None
    except DomainError as error:
        raise invalid("area", _("请选择居民区。")) from error


def _project(by: Actor, uuid: UUID | None) -> ChargingProject:
    if uuid is None:
        return ChargingProject(history=[])
    found = ChargingProject.objects.select_for_update(of=("self",)).select_related("area").filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这个项目。"), code="venues.project")
    _check_at(by, found.area.path if found.area else "")
    return found


def _check_project(project: ChargingProject, data: ProjectData) -> None:
    name = clean(data.name)
    if not 0 < len(name) <= 64:
        raise invalid("name", _("请填写名称，最多 64 个字。"))
    if data.stage not in Stage.values:
        raise invalid("stage", _("请选择阶段。"))
    if not 0 <= data.sockets <= 10_000:
        raise invalid("sockets", _("数量应为 0 至 10000。"))
    if project.pk is not None and data.stage_on < project.stage_on:
        raise invalid("stage_on", _("日期早于上一阶段（%(day)s）。") % {"day": project.stage_on.isoformat()})
    if ChargingProject.objects.filter(name=name).exclude(pk=project.pk).exists():
        raise invalid("name", _("已有同名项目。"))
