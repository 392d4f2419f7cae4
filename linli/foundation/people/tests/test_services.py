import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from linli.foundation.accounts import services as accounts
from linli.foundation.core.actors import SYSTEM, Grant
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.jobs.services import delete_what_is_over
from linli.foundation.people import events, permissions, selectors, services
from linli.foundation.people.exceptions import AdministratorsApartError
from linli.foundation.people.models import Absence, DutyShift, Unit
from linli.foundation.people.reference import markdown
from linli.foundation.people.tests.factories import NOW, TODAY, appoint, make_area, make_post, make_unit, make_user
from linli.foundation.people.types import HandedOver, Role

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def absent(user, stand_in, first=TODAY, last=TODAY):
    return services.record_absence(
        by=SYSTEM,
        now=NOW,
        user_id=user.pk,
        stand_in_id=stand_in.pk if stand_in else None,
        starts_on=first,
        ends_on=last,
    )


def test_grants_carry_area_unit_and_term():
    street = make_area("subdistrict", name="街道")
    grid = make_area("grid", street)
    user = make_user("head", "赵")
    unit = make_unit(area_id=street.pk)
    appoint(user, make_post(unit, Role.GRID_HEAD, area_id=grid.pk), ends_on=TODAY + DAY)
    appoint(user, make_post(unit, Role.UNIT_HANDLER))
    appoint(user, make_post(unit, Role.DISPATCHER), starts_on=TODAY + 2 * DAY)
    actor = selectors.actor_for(user, NOW)
    assert actor.label == "综合网格长 赵"
    assert actor.grants == (Grant("grid_head", grid.path, unit.pk), Grant("unit_handler", street.path, unit.pk))
    later = selectors.actor_for(user, NOW + 2 * DAY)
    assert later.grants == (Grant("unit_handler", street.path, unit.pk), Grant("dispatcher", "", unit.pk))
    assert permissions.can(later, "cases:dispatch", area_path=street.path)
    assert not permissions.can(actor, "cases:dispatch")


def test_nobody_in_particular_is_a_resident():
    assert selectors.actor_for(make_user("plain"), NOW).grants == (Grant("resident"),)


def test_stand_in_appears_and_disappears_with_the_dates():
    first, second = make_user("first", "甲"), make_user("second", "乙")
    unit = make_unit()
    appoint(first, make_post(unit, Role.DISPATCHER))
    away = absent(first, second, TODAY + DAY, TODAY + 2 * DAY)
    for offset, acting in ((0, False), (1, True), (2, True), (3, False)):
        actor = selectors.actor_for(second, NOW + offset * DAY)
        assert (Grant("dispatcher", "", unit.pk, acting_for="甲") in actor.grants) is acting
        assert selectors.holders("dispatcher", "/1/", NOW + offset * DAY) == [(second if acting else first).pk]
        assert [m.acting_for for m in selectors.members_of(unit.pk, now=NOW + offset * DAY)] == ["甲" if acting else ""]
    services.end_absence(by=SYSTEM, now=NOW, absence=away, on=TODAY + DAY)
    assert not selectors.actor_for(second, NOW + 2 * DAY).has_role("dispatcher")


def test_the_day_changes_at_midnight_in_shanghai():
    first, second = make_user("first"), make_user("second")
    appoint(first, make_post(make_unit(), Role.DISPATCHER))
    absent(first, second, TODAY + DAY, TODAY + DAY)
    midnight = NOW.replace(hour=16, minute=0)
    assert selectors.actor_for(second, midnight).has_role("dispatcher")
    assert not selectors.actor_for(second, midnight - timedelta(seconds=1)).has_role("dispatcher")


def test_actor_costs_one_statement_whatever_the_grants(django_assert_num_queries):
    user = make_user("many")
    unit = make_unit()
    for n in range(6):
        other = make_user(f"other{n}")
        appoint(other, make_post(unit, Role.UNIT_HANDLER))
        appoint(user, make_post(unit, Role.UNIT_HANDLER))
        absent(other, user)
        absent(other, user)
    with django_assert_num_queries(1):
        actor = selectors.actor_for(user, NOW)
    assert len(actor.grants) == 12
    with django_assert_num_queries(2):
        assert selectors.holders("unit_handler", "", NOW) == [user.pk]


def test_stand_ins_must_be_there():
    first, second, third = make_user("first"), make_user("second"), make_user("third", kind="resident")
    absent(second, None)
    for stand_in in (first, second, third):
        with pytest.raises(InvalidError):
            absent(first, stand_in)
    with pytest.raises(InvalidError):
        absent(first, second, TODAY, TODAY - DAY)


def test_three_administrators_stay_apart():
    unit = make_unit()
    posts = {r: make_post(unit, r) for r in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)}
    first, second, third = make_user("first", "甲"), make_user("second", "乙"), make_user("third", "丙")
    appoint(first, posts[Role.SYSTEM_ADMIN], ends_on=TODAY + 9 * DAY)
    with pytest.raises(AdministratorsApartError) as error:
        appoint(first, posts[Role.AUDIT_ADMIN], starts_on=TODAY + 9 * DAY)
    assert "甲" in str(error.value)
    assert "审计管理员" in str(error.value)
    assert not selectors.actor_for(first, NOW + 20 * DAY).has_role("audit_admin")
    appoint(second, posts[Role.SECURITY_ADMIN])
    with pytest.raises(AdministratorsApartError):
        absent(first, second)
    absent(first, third)
    with pytest.raises(AdministratorsApartError):
        appoint(third, posts[Role.AUDIT_ADMIN])
    appoint(third, posts[Role.AUDIT_ADMIN], starts_on=TODAY + DAY)
    with pytest.raises(AdministratorsApartError):
        services.hand_over(by=SYSTEM, now=NOW, from_user=second.pk, to_user=third.pk, on=TODAY + 3 * DAY)


def test_only_the_security_administrator_appoints_and_never_themselves():
    unit = make_unit()
    boss, other = make_user("boss"), make_user("other")
    appoint(boss, make_post(unit, Role.SECURITY_ADMIN))
    post = make_post(unit, Role.DISPATCHER)
    by = selectors.actor_for(boss, NOW)
    with pytest.raises(ForbiddenError):
        services.appoint(by=by, now=NOW, user_id=boss.pk, post=post, starts_on=TODAY)
    services.appoint(by=by, now=NOW, user_id=other.pk, post=post, starts_on=TODAY)
    with pytest.raises(ConflictError):
        services.appoint(by=by, now=NOW, user_id=other.pk, post=post, starts_on=TODAY + DAY)
    with pytest.raises(ForbiddenError) as error:
        services.appoint(by=selectors.actor_for(other, NOW), now=NOW, user_id=boss.pk, post=post, starts_on=TODAY)
    assert "安全管理员" in str(error.value)


def test_the_system_administrator_cannot_enter_as_the_others():
    unit = make_unit()
    boss, guard, clerk = make_user("boss"), make_user("guard"), make_user("clerk")
    appoint(boss, make_post(unit, Role.SYSTEM_ADMIN))
    appoint(guard, make_post(unit, Role.AUDIT_ADMIN))
    by = selectors.actor_for(boss, NOW)
    for act in (
        lambda user: accounts.issue_password(by=by, now=NOW, user=user),
        lambda user: accounts.remove_second_factor(by=by, now=NOW, user=user),
        lambda user: accounts.set_phone(by=by, now=NOW, user=user, phone="13800000000"),
    ):
        act(clerk)
        with pytest.raises(ForbiddenError):
            act(guard)
    accounts.issue_password(by=SYSTEM, now=NOW, user=guard)
    with pytest.raises(ForbiddenError):
        accounts.renew_recovery_codes(by=by, now=NOW, user=clerk)


def test_the_unit_head_notes_absences_of_the_own_unit_only():
    ours, theirs = make_unit("甲科"), make_unit("乙科")
    head, mine, foreign = make_user("head"), make_user("mine"), make_user("foreign")
    appoint(head, make_post(ours, Role.UNIT_HEAD))
    appoint(mine, make_post(ours, Role.UNIT_HANDLER))
    appoint(foreign, make_post(theirs, Role.UNIT_HANDLER))
    by = selectors.actor_for(head, NOW)
    go: Any = {"now": NOW, "stand_in_id": None, "starts_on": TODAY, "ends_on": TODAY}
    services.record_absence(by=by, user_id=mine.pk, **go)
    services.record_absence(by=selectors.actor_for(foreign, NOW), user_id=foreign.pk, **go)
    with pytest.raises(ForbiddenError):
        services.record_absence(by=by, user_id=foreign.pk, **go)


def test_hand_over_passes_posts_and_open_work(monkeypatch):
    monkeypatch.setattr(events, "_handlers", [])
    seen = []

    @events.on_hand_over
    def cases(from_user, to_user, by, now):
        seen.append((from_user, to_user))
        return [HandedOver("案件", 3)]

    leaver, heir = make_user("leaver"), make_user("heir")
    unit = make_unit()
    appoint(leaver, make_post(unit, Role.UNIT_HANDLER), starts_on=TODAY - 9 * DAY)
    appoint(leaver, make_post(unit, Role.UNIT_HEAD), starts_on=TODAY + 9 * DAY)
    moved = services.hand_over(by=SYSTEM, now=NOW, from_user=leaver.pk, to_user=heir.pk, on=TODAY)
    assert moved == [HandedOver("承办人", 1), HandedOver("单位负责人", 1), HandedOver("案件", 3)]
    assert seen == [(leaver.pk, heir.pk)]
    assert not selectors.actor_for(leaver, NOW + DAY).has_role("unit_handler")
    assert selectors.actor_for(heir, NOW).has_role("unit_handler")
    assert selectors.actor_for(heir, NOW + 9 * DAY).has_role("unit_head")


def test_an_area_role_needs_an_area():
    with pytest.raises(InvalidError):
        make_post(make_unit(), Role.GRID_HEAD)


def test_temporary_bodies_end():
    with pytest.raises(InvalidError):
        make_unit("防汛专班", "task_force")
    unit = make_unit("防汛专班", "task_force", ends_on=TODAY)
    user = make_user("member")
    appoint(user, make_post(unit, Role.UNIT_HANDLER))
    assert selectors.actor_for(user, NOW).has_role("unit_handler")
    assert not selectors.actor_for(user, NOW + DAY).has_role("unit_handler")
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.create(name="无期限", kind="task_force")
    with pytest.raises(ConflictError):
        make_unit("防汛专班")


def test_the_nearest_unit_and_its_holders():
    street = make_area("subdistrict", name="街道")
    grid, other = make_area("grid", street), make_area("grid", street)
    wide = make_unit("城管中队", "enforcement")
    near = make_unit("城管一组", "enforcement", area_id=grid.pk)
    assert selectors.unit_for("enforcement", grid.path) == near
    assert selectors.unit_for("enforcement", other.path) == wide
    assert selectors.unit_for("police", grid.path) is None
    head = make_user("head")
    appoint(head, make_post(near, Role.GRID_HEAD))
    assert selectors.holders("grid_head", grid.path + "99/", NOW) == [head.pk]
    assert selectors.holders("grid_head", other.path, NOW) == []
    assert list(permissions.visible_units(selectors.actor_for(make_user("nobody"), NOW))) == []


def test_lines_merged_into_one_grid_with_dates():
    grid = make_area("grid")
    unit = make_unit("派出所", "police")
    services.map_line_grid(
        by=SYSTEM, now=NOW, line="police", code="J-3", name="警务三责任区", area_id=grid.pk, starts_on=TODAY
    )
    force = services.assign_line_force(
        by=SYSTEM, now=NOW, line="police", title="社区民警", unit=unit, area_id=grid.pk, starts_on=TODAY
    )
    assert [g.code for g in selectors.line_grids(grid.pk, TODAY)] == ["J-3"]
    assert selectors.grids_of_line("police", "J-3", TODAY) == [grid.pk]
    assert selectors.line_grids(grid.pk, TODAY - DAY) == []
    assert selectors.line_forces(grid.path, TODAY) == [force]
    services.end_line_force(by=SYSTEM, now=NOW, force=force, on=TODAY)
    assert selectors.line_forces(grid.path, TODAY + DAY) == []
    with pytest.raises(InvalidError):
        services.map_line_grid(by=SYSTEM, now=NOW, line="x", code="1", name="x", area_id=grid.pk, starts_on=TODAY)


def test_who_is_on_tonight():
    unit, user = make_unit("城运中心", "operations_centre"), make_user("night", "丁")
    evening = NOW.replace(hour=10)
    go: Any = {"by": SYSTEM, "now": NOW, "unit": unit, "user_id": user.pk}
    shift = services.plan_duty(starts_at=evening, ends_at=evening + timedelta(hours=14), kind="night", **go)
    with pytest.raises(ConflictError):
        services.plan_duty(starts_at=evening + timedelta(hours=1), ends_at=evening + timedelta(hours=2), **go)
    with pytest.raises(InvalidError):
        services.plan_duty(starts_at=evening, ends_at=evening, **go)
    assert selectors.on_duty(NOW) == []
    assert [d.name for d in selectors.on_duty(evening + timedelta(hours=3))] == ["丁"]
    by = selectors.actor_for(user, NOW)
    services.hand_over_duty(by=by, now=evening, shift=shift, note="两件催办待回复")
    with pytest.raises(ConflictError):
        services.hand_over_duty(by=by, now=evening, shift=shift, note="again")


def test_gaps(django_assert_num_queries):
    manned, empty = make_area("grid", name="有人网格"), make_area("grid", name="无人网格")
    unit = make_unit("一组", area_id=manned.pk)
    appoint(make_user("head"), make_post(unit, Role.GRID_HEAD))
    make_unit("空科")
    make_unit("有区域无人", area_id=empty.pk)
    with django_assert_num_queries(2):
        found = selectors.gaps(TODAY)
    assert [(g.kind, g.label) for g in found] == [
        *sorted([("unit_empty", "有区域无人"), ("unit_idle", "空科")], key=lambda x: x[1]),
        ("area_without_head", "无人网格"),
    ]
    assert len(selectors.gaps(date(2019, 1, 1))) == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql", reason="threads that write at once")
def test_two_appointments_at_once_do_not_make_a_double_administrator():
    unit, user = make_unit(), make_user("both")
    posts = [make_post(unit, Role.SYSTEM_ADMIN), make_post(unit, Role.AUDIT_ADMIN)]
    start = threading.Barrier(2)
    refused = []

    def go(post):
        try:
            start.wait()
            appoint(user, post)
        except AdministratorsApartError:
            refused.append(post.role)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(post,)) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert len(selectors.actor_for(user, NOW).roles) == 1


def test_the_reference_page_is_up_to_date():
    page = Path(__file__).parents[4] / "docs" / "reference" / "roles.md"
    assert page.read_text(encoding="utf8") == markdown()


def test_absences_and_shifts_go_a_year_after_their_end():
    user, other = make_user("away", "甲"), make_user("standin", "乙")
    absent(user, other)
    unit = make_unit()
    services.plan_duty(by=SYSTEM, now=NOW, unit=unit, user_id=user.pk, starts_at=NOW, ends_at=NOW + timedelta(hours=8))
    assert delete_what_is_over(now=NOW + 364 * DAY) == {}
    assert delete_what_is_over(now=NOW + 367 * DAY) == {"people.absence": 1, "people.duty": 1}
    assert not Absence.objects.exists()
    assert not DutyShift.objects.exists()
