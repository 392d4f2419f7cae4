"""A building with its flats, the form of the check, and a dossier brought as far as wanted."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.models import Target
from linli.engines.fieldwork.types import TargetData
from linli.foundation.core.actors import SYSTEM
from linli.foundation.forms.types import Choice, Group, QuestionType, Settings, WholeForm
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.interfaces.desk.tests.help import enter
from linli.interfaces.desk.tests.visits_help import enter_visit_form, q, zh
from linli.programmes.housing.models import Dossier

Q = QuestionType
USES = tuple(Choice(u, zh(u)) for u in ("bedroom", "living", "kitchen", "balcony"))
CHECK = WholeForm(
    Settings("群租检查", "housing.check"),
    (
        Group(
            "rooms",
            (
                q("room", Q.TEXT, "房间"),
                q("use", Q.CHOICE, "设计用途", list="uses"),
                q("area", Q.DECIMAL, "面积"),
                q("persons", Q.INTEGER, "人数"),
                q("parts", Q.INTEGER, "分成几间"),
            ),
            zh("房间"),
            repeat=True,
        ),
        q("shared", Q.YES_NO, "疑似群租", finds=".", extra={"category": "group_renting"}),
    ),
    {"uses": USES},
)
ROOMS = {"room_0": "客厅", "use_0": "living", "area_0": "24", "persons_0": "6", "parts_0": "3", "room_1": "阳台",
         "use_1": "balcony", "persons_1": "1", "slept_in_1": "yes"}  # fmt: skip
PLAN = {
    "text": "拆除客厅隔断",
    "joint_on": "2026-03-12",
    "safety": "先断电，消防在场",
    "basis": "上海市住房租赁条例第十五条",
}


def enter_building(world: Any) -> list[Target]:
    """Enter a building of two floors with two flats each; return its flats."""
    services.load_shipped(now=world.now)
    enter_visit_form(world.now, CHECK, "shared_flat")
    data = TargetData("building", "12 号楼", address="长宁路 488 弄 12 号", area_id=world.areas["陶家宅"].pk)
    top = services.add_target(by=SYSTEM, now=world.now, data=data)
    services.make_grid(by=SYSTEM, now=world.now, building=top.uuid, first=1, last=2, doors=2)
    return [flat for floor in selectors.grid_of(SYSTEM, top.uuid) for flat in floor.flats]


def send(world: Any, who: str, row: Dossier, act: str, **data: Any) -> Any:
    """Send one act of a dossier's page."""
    version = data.pop("version", Dossier.objects.get(pk=row.pk).version)
    return enter(world, who).post(f"/desk/housing/{row.uuid}/", {"act": act, "version": version, **data})


def picture() -> SimpleUploadedFile:
    """Return a photo as a browser sends it."""
    return SimpleUploadedFile("x.jpg", draw_picture(7, "after"), content_type="image/jpeg")


def take_up(world: Any, flat: Target, who: str = "shuji") -> Dossier:
    """Take a flat up through the page."""
    done = enter(world, who).post(
        f"/desk/housing/new/?q={flat.address}", {"target": str(flat.uuid), "note": "夜间人多"}
    )
    assert done.status_code == 302, done.content.decode()
    return Dossier.objects.get(target=flat, ended_at=None)


def look(world: Any, row: Dossier, who: str = "chengguan", **more: Any) -> Any:
    """Enter the rooms of a flat through the page."""
    version = Dossier.objects.get(pk=row.pk).version
    return enter(world, who).post(f"/desk/housing/{row.uuid}/rooms/", {"version": version, **ROOMS, **more})


def verify(world: Any, row: Dossier, **more: Any) -> Any:
    """Verify a flat as two officers through the page."""
    data = {"entry": "consent", "second_id": world.users["chengguan2"].pk, "text": "属实", **more}
    return send(world, "chengguan", row, "verify", **data)


def plan(world: Any, row: Dossier) -> Any:
    """Plan the joint action through the page."""
    units = [world.units["enforcement"].pk, world.units["police"].pk]
    return send(world, "chengguan", row, "plan", units=units, **PLAN)


def add_papers(world: Any, row: Dossier, *without: str) -> None:
    """Enter everything that a joint action asks for, but what is named."""
    for kind in ("notice", "owner", "inventory"):
        if kind not in without:
            assert send(world, "chengguan", row, "paper", kind=kind, text=f"{kind} 内容").status_code == 302
    if "tenant" not in without:
        assert send(world, "chengguan", row, "paper", kind="tenant", declined="yes").status_code == 302
    for kind in ("before", "after"):
        if kind not in without:
            assert send(world, "chengguan", row, "paper", kind=kind, file=picture()).status_code == 302
