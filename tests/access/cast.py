"""The people who walk every route: each role where the cases lie, and its twin somewhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from linli.engines.cases import services
from linli.engines.cases.models import Case
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.types import Contact, FeedbackWay, FilePurpose, FileRef, Report, Source
from linli.engines.projects import services as projects
from linli.engines.projects.types import NewTask
from linli.foundation.accounts import services as accounts
from linli.foundation.core.actors import SYSTEM
from linli.foundation.files import services as files
from linli.foundation.people import services as people
from linli.foundation.people.types import Role
from linli.foundation.places import selectors as places
from linli.foundation.venues import services as venues
from linli.foundation.venues.types import VenueData
from tests.world import World

# Walker → login name; ``role`` is where the cases lie, ``role!`` (the stranger) is not.
INSIDE = {
    "dispatcher": "paidan",
    "shift_leader": "zhiban",
    "street_leader": "lingdao",
    "supervisor": "ducha",
    "grid_head": "wanggezhang",
    "neighbourhood_secretary": "shuji",
    "community_worker": "shegong",
    "microgrid_head": "weiwangge",
    "stairwell_head": "louzu",
    "inspector": "jiandu",
    "unit_handler": "chengguan",
    "unit_head": "zhongdui",
    "contractor": "wuye",
    "resident": "jumin",
    "system_admin": "xitong",
    "security_admin": "anquan",
    "audit_admin": "shenji",
}
OUTSIDE = {
    "neighbourhood_secretary!": "shuji02",
    "unit_handler!": "minjing",
    "unit_head!": "guanliban",
    "contractor!": "danche",
    "community_worker!": "shegong_x",
    "microgrid_head!": "weiwangge_x",
    "stairwell_head!": "louzu_x",
    "inspector!": "jiandu_x",
    "grid_head!": "wanggezhang_x",
    "resident!": "jumin_x",
}
# Those made here, for the world has no twin of them: role, unit, kind of their area.
_TWINS = {
    "shegong_x": (Role.COMMUNITY_WORKER, "@华一", "neighbourhood"),
    "weiwangge_x": (Role.MICROGRID_HEAD, "@华一", "microgrid"),
    "louzu_x": (Role.STAIRWELL_HEAD, "@华一", "stairwell"),
    "jiandu_x": (Role.INSPECTOR, "centre", "neighbourhood"),
    "wanggezhang_x": (Role.GRID_HEAD, "street", "grid"),
}
ADMINS = frozenset({"system_admin", "security_admin", "audit_admin"})
RESIDENTS = frozenset({"resident", "resident!"})
# Who reads a case that lies in 陶家宅, is of no guarded category, is handled by 城管 with 物业 helping.
READERS = frozenset(
    {
        "dispatcher",
        "shift_leader",
        "street_leader",
        "supervisor",
        "grid_head",
        "neighbourhood_secretary",
        "community_worker",
        "microgrid_head",
        "inspector",
        "unit_handler",
        "unit_head",
        "contractor",
    }
)
WALKERS = ("anonymous", *INSIDE, *OUTSIDE)
STAFF = frozenset(WALKERS) - RESIDENTS - ADMINS - {"anonymous"}


@dataclass
class Stage:
    """The world with its walkers and the things that addresses name."""

    world: World
    users: dict[str, Any] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    file: Any = None
    venue: Any = None
    poster: Any = None
    task: Any = None

    def actor(self, walker: str) -> Any:
        """Return the walker as an actor."""
        from linli.foundation.people import selectors

        return selectors.actor_for(self.users[walker], self.world.now)

    def area(self, kind: str, name: str) -> Any:
        """Return the first area of ``kind`` around or below the neighbourhood ``name``."""
        home, on = self.world.areas[name], self.world.now.date()
        every = list(places.areas(on=on, kind=kind))
        return next(a for a in every if a.path.startswith(home.path) or home.path.startswith(a.path))


def _twins(stage: Stage) -> None:
    world = stage.world
    made = {}
    for username, (role, unit, kind) in _TWINS.items():
        user = accounts.create_user(username=username, display_name=username, by=SYSTEM, now=world.now)
        post = people.create_post(
            by=SYSTEM, now=world.now, unit=world.units[unit], role=role, area_id=stage.area(kind, "华一").pk
        )
        people.appoint(by=SYSTEM, now=world.now, user_id=user.pk, post=post, starts_on=world.now.date())
        made[username] = user
    made["jumin_x"] = accounts.create_user(
        username="jumin_x", display_name="居民乙", kind="resident", by=SYSTEM, now=world.now
    )
    every = world.users | made
    stage.users = {walker: every[name] for walker, name in (INSIDE | OUTSIDE).items()}


def set_stage(world: World) -> Stage:
    """Enter the twins, a case in hand and what hangs on it."""
    stage = Stage(world)
    _twins(stage)
    for user in stage.users.values():
        type(user).objects.filter(pk=user.pk).update(must_change_password=False)
        user.must_change_password = False
    stage.cases["handling"] = case_in_hand(stage)
    _venue(stage)
    due = world.now.date() + timedelta(days=9)
    new = NewTask("清理主干道乱停车", world.units["enforcement"].pk, due, needs_acceptance=True)
    (stage.task,) = projects.create_tasks(by=stage.actor("dispatcher"), now=world.now, tasks=[new])
    return stage


def _venue(stage: Stage) -> None:
    """Enter a station in 陶家宅 and a poster at it."""
    now, home = stage.world.now, stage.world.areas["陶家宅"]
    venues.load_shipped(by=SYSTEM, now=now)
    data = VenueData(kind="joint_station", name="陶家宅联勤联动站", area_id=home.pk)
    stage.venue = venues.add_venue(by=SYSTEM, now=now, data=data)
    stage.poster = venues.make_poster(
        by=SYSTEM, now=now, purpose="report", target="venue", target_id=stage.venue.pk, title="反映这里的问题"
    )


def case_in_hand(stage: Stage) -> Case:
    """Return a case in 陶家宅, in hand at 城管, 物业 helping, with a photo."""
    world = stage.world
    centre, unit = world.actor("paidan"), world.actor("chengguan")
    row = files.store(by=centre, now=world.now, content=_picture(), name="a.jpg", purpose="report")
    stage.file = row
    microgrid = int(world.actor("weiwangge").grants[0].area_path.strip("/").split("/")[-1])
    receipt = services.report(
        by=centre,
        now=world.now,
        report=Report(
            text="摊位占了人行道",
            category="cross_door",
            address="安西路 23 弄",
            area_id=microgrid,
            source=Source.PHONE,
            contact=Contact(name="王阿姨", phone="13812345678", way=FeedbackWay.PHONE),
            files=[FileRef(row.pk, FilePurpose.REPORT)],
        ),
    )
    case = get_case_for(centre, receipt.number)
    services.accept(by=centre, now=world.now, case=case, verify=False)
    helper = [world.units["property"].pk]
    services.dispatch(by=centre, now=world.now, case=case, unit_id=world.units["enforcement"].pk, helper_ids=helper)
    return services.sign(by=unit, now=world.now, case=case)


def _picture() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (32, 24), (90, 90, 90)).save(out, "JPEG")
    return out.getvalue()
