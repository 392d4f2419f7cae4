"""The pure rules: names with quotes, standing, shares and quantities, matching with reasons, the turn of the chair."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.programmes.alliance import workflow
from linli.programmes.alliance.rules import matching, naming, quantities, standing
from linli.programmes.alliance.rules.matching import Fit, Ground, Side
from linli.programmes.alliance.types import AgreementState, Stage, Standing

DAY = date(2024, 12, 26)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("公益城进工地", "“公益城进工地”"),
        ("“医德医风”在职党员志愿督导", "“‘医德医风’在职党员志愿督导”"),
        ("‘医德医风’在职党员志愿督导", "“‘医德医风’在职党员志愿督导”"),
        ("天佑「6+6+6」美丽家园建设", "“天佑‘6+6+6’美丽家园建设”"),
    ],
)
def test_a_name_with_inner_quotes_is_written_as_a_text_writes_it(name, shown):
    assert naming.quoted(name) == shown


@pytest.mark.parametrize(
    "typed",
    ["“医德医风”", "‘医德医风’在职", "「醫德醫風」", '"医德医风"', "医德医风在职党员", "＂医德医风＂", "医德 医风"],
)
def test_a_name_is_found_with_any_quotes_or_none(typed):
    assert naming.fold(typed) in naming.fold("‘医德医风’在职党员志愿督导")


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text):
    assert naming.fold(naming.fold(text)) == naming.fold(text)


def stands(stage, *, issued=True, valid_to=None, today=DAY):
    return standing.standing(stage, issued=issued, valid_to=valid_to, today=today, grace_days=90)


def test_a_member_stands_by_rule():
    assert stands(Stage.APPLIED) is Standing.PROPOSED
    assert stands(Stage.CHECKED) is Standing.PROPOSED
    assert stands(Stage.ADMITTED, issued=False) is Standing.ADMITTED
    assert stands(Stage.ADMITTED) is Standing.CURRENT
    assert stands(Stage.ADMITTED, valid_to=DAY) is Standing.CURRENT
    assert stands(Stage.ADMITTED, valid_to=DAY - timedelta(1)) is Standing.GRACE
    assert stands(Stage.ADMITTED, valid_to=DAY - timedelta(90)) is Standing.GRACE
    assert stands(Stage.ADMITTED, valid_to=DAY - timedelta(91)) is Standing.LAPSED
    assert stands(Stage.LEFT) is Standing.LEFT
    assert stands(Stage.REFUSED) is Standing.REFUSED


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2024, 1, 1), 12, date(2024, 12, 31)),
        (date(2024, 12, 26), 12, date(2025, 12, 25)),
        (date(2024, 1, 31), 1, date(2024, 2, 28)),
        (date(2024, 1, 1), 0, None),
    ],
)
def test_a_term_ends_the_day_before_its_anniversary(first, months, last):
    assert standing.term_end(first, months) == last


@given(days, st.integers(0, 900), st.none() | days, st.booleans(), days)
def test_an_agreement_stands_in_exactly_one_way(starts, length, ended, renewed, today):
    ends = starts + timedelta(length)
    found = standing.agreement_state(
        starts_on=starts, ends_on=ends, ended_on=ended, renewed=renewed, today=today, remind_days=60
    )
    if found in (AgreementState.CURRENT, AgreementState.EXPIRING):
        assert starts <= today <= ends
        assert not renewed
        assert ended is None or today < ended
    if found is AgreementState.EXPIRED:
        assert today > ends


@given(st.lists(st.integers(1, 9), max_size=9), st.none() | st.integers(1, 9), st.sets(st.integers(1, 9)))
def test_the_chair_goes_round_among_members(order, last, current):
    found = standing.next_in_turn(order, last, current)
    if found is None:
        assert not set(order) & current
    else:
        assert found in current
        assert found != last or set(order) & current == {last}


def test_everybody_has_the_chair_once_before_anybody_has_it_twice():
    order, last, seen = [3, 1, 2], None, []
    for _n in range(6):
        last = standing.next_in_turn(order, last, {1, 2, 3})
        seen.append(last)
    assert seen == [3, 1, 2, 3, 1, 2]


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("1/3", Fraction(1, 3)),
        ("40%", Fraction(2, 5)),
        ("40", Fraction(2, 5)),
        ("33.3％", Fraction(333, 1000)),
        ("全部", Fraction(1)),
        ("一半", Fraction(1, 2)),
    ],
)
def test_a_share_is_read_exactly(typed, share):
    assert quantities.parse_share(typed) == share


@pytest.mark.parametrize("typed", ["", "0", "101%", "4/3", "1/0", "-1", "abc", "1e2", "nan"])
def test_what_is_no_share_is_refused(typed):
    with pytest.raises(quantities.BadShareError):
        quantities.parse_share(typed)


def test_three_thirds_are_the_whole():
    assert quantities.unclaimed([Fraction(1, 3)] * 3) == 0
    assert not quantities.share_fits([Fraction(1, 3)] * 3, Fraction(1, 1000))


shares = st.fractions(min_value=Fraction(1, 100), max_value=1, max_denominator=10**6)
amounts = st.decimals(Decimal("0.01"), Decimal(1000), places=2)


@given(st.lists(shares, max_size=12))
def test_shares_that_fit_never_pass_the_whole(wanted):
    taken: list[Fraction] = []
    for share in wanted:
        if quantities.share_fits(taken, share):
            taken.append(share)
    assert 0 <= sum(taken, Fraction(0)) <= 1
    assert quantities.parse_share(quantities.share_text(taken[0])) == taken[0] if taken else True


@given(amounts, st.lists(st.tuples(st.sampled_from(["commit", "use", "cancel"]), amounts), max_size=20), st.booleans())
def test_a_resource_is_never_promised_beyond_what_there_is(quantity, steps, reusable):
    there = quantities.Balance(quantity, reusable=reusable)
    for step, amount in steps:
        if step == "commit" and there.fits(amount):
            there = replace(there, committed=there.committed + amount)
        elif step == "use":
            moved = min(amount, there.committed)
            there = replace(there, committed=there.committed - moved, used=there.used + moved)
        elif step == "cancel":
            there = replace(there, committed=there.committed - min(amount, there.committed))
        assert there.remaining is not None
        assert there.remaining >= 0
        assert there.committed <= quantity


@pytest.mark.parametrize("typed", ["0", "-1", "1.234", "abc", "1e20", "NaN", "Infinity"])
def test_what_is_no_quantity_is_refused(typed):
    with pytest.raises(ValueError, match=r".*"):
        quantities.parse_amount(typed)


def test_quantities_are_written_without_needless_zeros():
    assert [quantities.amount_text(quantities.parse_amount(t)) for t in ("1,200.50", "3.00", "")] == ["1200.5", "3", ""]


NEED = Side(1, "venue", "场", Decimal(4), date(2025, 3, 1), date(2025, 3, 31), "/1/5/", 7)
THERE = Side(2, "venue", "场", Decimal(10), date(2025, 1, 1), date(2025, 12, 31), "/1/", 8)


def fits(found):
    return {r.ground: r.fit for r in found.reasons}


def matched(need, resource):
    found = matching.match(need, resource)
    assert found is not None
    return found


def test_a_match_says_why():
    found = matched(NEED, THERE)
    assert fits(found) == {
        Ground.CATEGORY: Fit.FULL,
        Ground.QUANTITY: Fit.FULL,
        Ground.TIME: Fit.FULL,
        Ground.PLACE: Fit.FULL,
    }
    assert (found.amount, found.good) == (Decimal(4), 4)
    found = matched(NEED, replace(THERE, remaining=Decimal(3), ends_on=date(2025, 3, 10), area_path="/2/"))
    assert fits(found) == {
        Ground.CATEGORY: Fit.FULL,
        Ground.QUANTITY: Fit.PART,
        Ground.TIME: Fit.PART,
        Ground.PLACE: Fit.PART,
    }
    assert found.amount == Decimal(3)
    assert matched(NEED, replace(THERE, unit_word="人次")).amount is None


@pytest.mark.parametrize(
    "change",
    [
        {"owner": 7},
        {"category": "funds"},
        {"remaining": Decimal(0)},
        {"starts_on": date(2025, 4, 1)},
    ],
)
def test_what_cannot_serve_is_no_match(change):
    assert matching.match(NEED, replace(THERE, **change)) is None


sides = st.builds(
    Side,
    id=st.integers(1, 99),
    category=st.sampled_from(["", "a", "b"]),
    unit_word=st.sampled_from(["", "场"]),
    remaining=st.none() | amounts,
    starts_on=st.none() | days,
    ends_on=st.none(),
    area_path=st.sampled_from(["", "/1/", "/1/2/", "/3/"]),
    owner=st.none() | st.integers(1, 3),
)


@given(sides, st.lists(sides, max_size=8))
def test_matches_give_every_reason_and_never_more_than_there_is(need, resources):
    found = matching.matches(need, resources)
    for one in found:
        assert [r.ground for r in one.reasons] == list(Ground)
        if one.amount is not None:
            assert 0 < one.amount <= need.remaining
    assert [m.good for m in found] == sorted((m.good for m in found), reverse=True)


@pytest.mark.parametrize("path", [*workflow.HAPPY_PATHS.values(), *workflow.UNHAPPY_PATHS.values()])
def test_every_named_path_can_be_walked(path):
    assert workflow.walk(path)


def test_every_state_can_be_reached_and_left_or_is_an_end():
    ends = {*map(str, workflow.ENDED_CLAIMS), "closed"}
    for of, states in ((workflow.OF_ENTRY, workflow.EntryState), (workflow.OF_CLAIM, workflow.ClaimState)):
        verbs = [v for v in workflow.VERBS.values() if v.of == of]
        assert {v.target for v in verbs} >= set(states.values)
        left = {s for v in verbs if v.target for s in v.source}
        assert set(states.values) - left <= ends
        assert all(f"{v.code}" in workflow.mermaid(of) for v in verbs)


def test_a_path_that_the_table_does_not_know_is_refused():
    with pytest.raises(ValueError, match="confirm cannot be done in claimed"):
        workflow.walk(("claim", "confirm"))
