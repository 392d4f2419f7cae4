"""The ways a problem of the demonstration can go, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from linli.engines.cases import services as cases
from linli.engines.cases.types import Contact, FeedbackWay, Report, Source
from linli.engines.cases.workflow import Level, State
from linli.engines.projects import selectors as tasks
from linli.engines.projects import services as projects
from linli.interfaces.cli.demo import texts
from linli.interfaces.cli.demo.simulation import Simulation
from linli.interfaces.cli.demo.stories import Life, Plan, Steps

ENDS = {State.CLOSED}


def solve(life: Life) -> Steps:
    """The common way; some get a note on it."""
    yield from life.to_unit()
    if life.dice.random() < 0.12:
        cases.note(by=life.dispatcher(), now=life.sim.now, case=life.case, text=life.dice.choice(texts.NOTES))
    yield from life.finish()


def slow(life: Life) -> Steps:
    """Left lying until the clocks speak up."""
    life.plan.pace = 5.0
    yield from life.to_unit()
    yield from life.finish()


def lost(life: Life) -> Steps:
    """Signed and not touched again: escalated until today."""
    yield from life.to_unit()
    yield from life.sign()


def refuse(life: Life) -> Steps:
    """Not the subdistrict's."""
    life.raise_it()
    yield life.soon(0.2, 2)
    reason, elsewhere = life.dice.choice(texts.REFUSALS)
    cases.refuse(
        by=life.desk(life.case, "refuse"), now=life.sim.now, case=life.case, reason=reason, elsewhere=elsewhere
    )


def ask(life: Life) -> Steps:
    """The reporter is asked, and answers."""
    life.raise_it()
    yield life.soon(0.2, 2)
    cases.ask(by=life.desk(life.case, "ask"), now=life.sim.now, case=life.case, text=life.dice.choice(texts.QUESTIONS))
    if life.plan.stop is State.AWAITING_INFO:
        return
    yield life.soon(2, 40)
    cases.answer(by=life.reporter(), now=life.sim.now, case=life.case, text=life.dice.choice(texts.ANSWERS))
    yield life.soon(0.2, 1)
    yield from life.take_up()
    yield from life.finish()


def come_back(life: Life) -> Steps:
    """Returned by the unit; at the third time the shift leader decides."""
    yield from life.to_unit()
    times = 3 if life.plan.stop is State.RETURN_PENDING else life.dice.choice((1, 1, 1, 3))
    for _time in range(times):
        yield life.work(0.5, 4)
        case = life.case
        if case.state != State.TO_SIGN:
            return
        cases.return_(
            by=life.able(case, "return_"), now=life.sim.now, case=case, reason=life.dice.choice(texts.RETURNS)
        )
        if life.at_stop(case):
            return
        yield life.soon(0.3, 2)
        case = life.case
        if case.state == State.RETURN_PENDING:
            cases.decide_return(
                by=life.who("zhiban"),
                now=life.sim.now,
                case=case,
                uphold=False,
                reason="职责清单载明由该单位牵头，予以签派。",
            )
        else:
            life.send(case)
    yield from life.finish()


def extend(life: Life) -> Steps:
    """More time is asked for."""
    yield from life.to_unit()
    yield from life.sign()
    yield life.work(1, 8)
    case = life.case
    if case.state != State.HANDLING:
        return
    why = life.dice.choice(texts.EXTEND_WHYS)
    cases.request_extension(
        by=life.able(case, "request_extension"), now=life.sim.now, case=case, reason=why, amount=life.dice.randint(2, 5)
    )
    if life.plan.stop is not None:
        return
    yield life.soon(1, 6)
    granted = life.dice.random() < 0.75
    cases.decide_extension(
        by=life.desk(life.case, "decide_extension"),
        now=life.sim.now,
        case=life.case,
        granted=granted,
        reason="" if granted else "请在原时限内办结。",
    )
    yield from life.finish()


def shelve(life: Life) -> Steps:
    """Shelved, and taken up again after some weeks."""
    yield from life.to_unit()
    yield from life.sign()
    yield life.work(2, 10)
    case = life.case
    if case.state != State.HANDLING:
        return
    why, review = life.dice.choice(texts.SHELVE_WHYS), life.due_in(life.dice.randint(15, 40))
    cases.request_shelving(
        by=life.able(case, "request_shelving"), now=life.sim.now, case=case, reason=why, review_on=review
    )
    if life.plan.kept.get("pending"):
        return
    yield life.soon(1, 8)
    cases.decide_shelving(by=life.desk(life.case, "decide_shelving"), now=life.sim.now, case=life.case, granted=True)
    if life.plan.stop is State.SHELVED:
        return
    yield life.sim.soon(200, 500)
    cases.resume(by=life.desk(life.case, "resume"), now=life.sim.now, case=life.case, reason="条件已具备，恢复办理。")
    yield from life.finish()


def rework(life: Life) -> Steps:
    """The check fails once."""
    yield from life.to_unit()
    yield from life.sign()
    yield from life.arrive()
    yield from life.hand_in()
    yield from life.check(passed=False)
    yield from life.hand_in()
    yield from life.check()
    yield from life.answer_and_close()
    yield from life.rate()


def unhappy(life: Life) -> Steps:
    """Rated badly: somebody has to look at it again, and decides."""
    yield from life.to_unit()
    yield from life.sign()
    yield from life.arrive()
    yield from life.hand_in()
    yield from life.check()
    yield from life.answer_and_close()
    yield from life.rate("unsatisfied")
    if life.plan.stop is State.CLOSED:
        return
    yield life.soon(8, 60)
    case = life.case
    if not case.needs_review:
        return
    again = life.dice.random() < 0.5
    reason = "回访属实，责成重新办理。" if again else "经复核，处置符合规定，已再次向居民解释。"
    cases.review(by=life.who("zhiban"), now=life.sim.now, case=case, reopen=again, reason=reason)
    if again:
        yield from life.finish()


def urge(life: Life) -> Steps:
    """Urged, and ordered from above."""
    yield from life.to_unit()
    yield from life.sign()
    yield life.soon(20, 60)
    case = life.case
    if not case.is_open:
        return
    cases.urge(by=life.reporter(), now=life.sim.now, case=case, text=life.dice.choice(texts.URGES))
    yield from life.finish()


def order(life: Life) -> Steps:
    """Ordered from above; the unit answers, the supervisor concludes."""
    yield from life.to_unit()
    yield from life.sign()
    yield life.soon(10, 40)
    case = life.case
    if case.state != State.HANDLING:
        return
    by = life.who(life.dice.choice(("ducha", "ducha", "lingdao")))
    made = cases.order(by=by, now=life.sim.now, case=case, text=life.dice.choice(texts.ORDERS), due_on=life.due_in(3))
    if life.plan.stop is not None:
        return
    yield life.work(2, 9)
    made.case = life.case
    unit = made.case.unit_id
    assert unit is not None  # noqa: S101  an order of the demonstration goes to a dispatched case
    cases.order_reply(
        by=life.sim.handler(unit), now=life.sim.now, order=made, text=life.dice.choice(texts.ORDER_REPLIES)
    )
    yield life.work(3, 12)
    made.case = life.case
    cases.order_result(by=by, now=life.sim.now, order=made, text=life.dice.choice(texts.ORDER_RESULTS))
    yield from life.finish()


def withdraw(life: Life) -> Steps:
    """Taken back by whoever raised it."""
    yield from life.to_unit(quick=False)
    yield life.soon(1, 20)
    case = life.case
    if case.is_open:
        cases.withdraw(by=life.reporter(), now=life.sim.now, case=case, reason=life.dice.choice(texts.WITHDRAWALS))


def void(life: Life) -> Steps:
    """Entered by mistake."""
    life.raise_it()
    yield life.soon(0.2, 3)
    cases.void(by=life.who("zhiban"), now=life.sim.now, case=life.case, reason=life.dice.choice(texts.VOIDS))


def merge(life: Life) -> Steps:
    """Two people raise one problem; the later report joins the first."""
    yield from life.to_unit()
    other = Life(life.sim, replace(life.plan, source=Source.PHONE, known=False, kept={}))
    yield life.soon(0.3, 3)
    other.raise_it()
    yield life.soon(0.2, 1.5)
    main = life.case
    if main.is_open:
        cases.merge(
            by=life.desk(other.case, "merge"),
            now=life.sim.now,
            case=other.case,
            main=main,
            reason=life.dice.choice(texts.MERGE_WHYS),
        )
    yield from life.finish()


def split(life: Life) -> Steps:
    """One report, two problems, each to its end; then both are answered in one, unless the story stops before."""
    life.raise_it()
    yield life.soon(0.3, 3)
    case, spot = life.case, life.plan.spot
    assert spot is not None  # noqa: S101
    kinds = (life.plan.category, "street_lamp" if life.plan.category != "street_lamp" else "road_damage")
    parts = [
        Report(
            text=texts.report_text(life.dice, kind, road=spot.road, place=spot.address),
            category=kind,
            address=spot.address,
            point=spot.point,
            area_id=spot.area_id,
            source=life.plan.source,
            contact=Contact(way=FeedbackWay.NONE),
        )
        for kind in kinds
    ]
    life.sim.forget_cases()
    receipts = cases.split(
        by=life.desk(case, "split"), now=life.sim.now, case=case, parts=parts, reason="一件反映两事，分别办理。"
    )
    for kind, receipt in zip(kinds, receipts, strict=True):
        stop = State.HANDLING if life.plan.stop is State.SPLIT else None
        part = Life(life.sim, replace(life.plan, category=kind, stop=stop, kept={}))
        part.receipt = receipt
        life.sim.add(_rest(part), life.soon(0.2, 1))
    if life.plan.stop is State.SPLIT:
        return
    for _day in range(60):
        yield life.sim.soon(20, 30)
        if life.case.state == State.TO_REPLY:
            break
    yield from life.answer_and_close()
    yield from life.rate()


def _rest(life: Life) -> Steps:
    yield from life.take_up()
    yield from life.finish()


def consult(life: Life) -> Steps:
    """Raised, talked over by all concerned, decided, with tasks that come back."""
    yield from life.to_unit(quick=False)
    yield from life.sign()
    yield life.work(1, 12)
    case = life.case
    if case.state != State.HANDLING:
        return
    yield from _raise_to(life, Level.DIFFICULT if life.plan.kept.get("difficult") else Level.COMPREHENSIVE)
    if life.plan.kept.get("asked"):
        return
    case = life.case
    top = case.level == Level.DIFFICULT
    by = life.who("lingdao" if top else "wanggezhang" if life.place_name() == life.sim.scene.home else "zhiban")
    units = [life.sim.units[k].pk for k in ("housing", "enforcement", "management", "property")]
    held = life.sim.now + timedelta(days=life.dice.randint(1, 3))
    meeting = cases.convene(
        by=by,
        now=life.sim.now,
        cases=[case],
        title=life.dice.choice(texts.MEETINGS),
        held_at=held,
        unit_ids=units,
        place="街道三楼会议室",
    )
    if life.plan.stop is State.CONSULTING:
        return
    yield held + timedelta(hours=2)
    case = life.case
    if case.state != State.CONSULTING:
        return
    orders = [
        cases.TaskOrder(life.dice.choice(texts.TASKS), unit, life.due_in(life.dice.randint(3, 12)))
        for unit in life.dice.sample(units, 2)
    ]
    cases.decide(
        by=by,
        now=life.sim.now,
        consultation=meeting,
        decisions={case.pk: life.dice.choice(texts.DECISIONS)},
        minutes="到会单位逐一发言，形成一致意见。",
        positions={u: life.dice.choice(texts.POSITIONS) for u in units},
        attended=units[:3],
        tasks={case.pk: orders},
    )
    life.sim.forget_cases()
    if life.plan.stop is State.HANDLING:  # its tasks are still open
        return
    yield life.work(4, 20)
    for task in tasks.tasks_of(life.case.uuid):
        projects.end_task(by=life.sim.handler(task.unit_id), now=life.sim.now, task=task, result="已完成并拍照存档。")
    yield from life.finish()


def _raise_to(life: Life, level: Level) -> Steps:
    case = life.case
    while case.level != level and case.state == State.HANDLING:
        why = life.dice.choice(texts.RAISE_WHYS)
        cases.request_raise(by=life.able(case, "request_raise"), now=life.sim.now, case=case, reason=why)
        if life.plan.kept.get("asked"):
            return
        yield life.soon(0.5, 4)
        case = life.case
        cases.raise_level(by=life.who("zhiban"), now=life.sim.now, case=case, reason=why)
        yield life.soon(0.5, 3)
        case = life.case


def help_out(life: Life) -> Steps:
    """The helping units give results of their own."""
    yield from life.to_unit()
    yield from life.sign()
    yield life.work(1, 5)
    case = life.case
    for helper in list(case.helpers.filter(result_at__isnull=True))[:1]:
        if case.state == State.HANDLING and life.sim.staff.get(helper.unit_id):
            cases.help_result(
                by=life.able(case, "help_result", helper.unit_id),
                now=life.sim.now,
                case=case,
                text="已配合到场，做好现场秩序和居民解释。",
            )
            case = life.case
    yield from life.finish()


def guidance(life: Life) -> Steps:
    """A neighbourhood asks a department upward."""
    sim, plan = life.sim, life.plan
    spot = plan.spot = sim.spot(plan.place or sim.scene.home)
    asking = sim.units[f"@{spot.name}"].pk
    sim.started += 1
    life.receipt = cases.guidance(
        by=sim.handler(asking),
        now=sim.now,
        text=texts.report_text(life.dice, "guidance", road=spot.road, place=spot.address),
        asking_unit_id=asking,
        unit_id=sim.units[life.dice.choice(("management", "safety", "housing", "enforcement"))].pk,
        address=spot.address,
        area_id=spot.area_id,
    )
    yield life.soon(0.1, 0.5)
    yield from life.finish()


FATES: dict[str, Callable[[Life], Steps]] = {
    f.__name__: f
    for f in (
        solve,
        slow,
        lost,
        refuse,
        ask,
        come_back,
        extend,
        shelve,
        rework,
        unhappy,
        urge,
        order,
        withdraw,
        void,
        merge,
        split,
        consult,
        help_out,
        guidance,
    )
}


def tell(sim: Simulation, plan: Plan) -> Steps:
    """Return the story of ``plan``."""
    yield from FATES[plan.fate](Life(sim, plan))
