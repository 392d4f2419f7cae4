from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from linli.foundation.people import rules
from linli.foundation.people.reference import markdown
from linli.foundation.people.types import ADMIN_ROLES, ROLES, Away, Role, Term

DAY0 = date(2026, 3, 1)
DAYS = 8
APART = frozenset(r.value for r in ADMIN_ROLES)
days = st.integers(0, DAYS - 1).map(lambda n: DAY0 + timedelta(days=n))
people = st.integers(1, 4)


@st.composite
def spans(draw):
    first, last = sorted((draw(days), draw(days)))
    return first, last


@st.composite
def terms(draw):
    first, last = draw(spans())
    role = draw(st.sampled_from([*sorted(APART), Role.DISPATCHER.value]))
    return Term(draw(people), role, first, draw(st.sampled_from([last, None])))


@st.composite
def aways(draw):
    first, last = draw(spans())
    person, stand_in = draw(st.lists(people, min_size=2, max_size=2, unique=True))
    return Away(person, stand_in, first, last)


def table(term_list, away_list):
    """The plain model: a table day × person → roles, filled day by day."""
    days_ = [DAY0 + timedelta(days=n) for n in range(DAYS)]
    found = {}
    for day in days_:
        own: dict[int, set[tuple[str, int]]] = {}
        for t in term_list:
            if t.first <= day and (t.last is None or day <= t.last):
                own.setdefault(t.user_id, set()).add((t.role, t.user_id))
        acting = {k: set(v) for k, v in own.items()}
        for a in away_list:
            if a.first <= day <= a.last:
                acting.setdefault(a.stand_in_id, set()).update(own.get(a.user_id, set()))
        found[day] = acting
    return found


@given(st.lists(terms(), max_size=6), st.lists(aways(), max_size=4))
def test_roles_follow_the_model(term_list, away_list):
    for day, acting in table(term_list, away_list).items():
        for person in range(1, 5):
            assert rules.roles_on(person, term_list, away_list, day) == acting.get(person, set())


@given(st.lists(terms(), max_size=5), st.lists(aways(), max_size=3))
def test_a_clash_is_found_exactly_where_the_model_has_one(term_list, away_list):
    clashes = {
        person
        for acting in table(term_list, away_list).values()
        for person, roles in acting.items()
        if len({role for role, _whose in roles} & APART) > 1
    }
    found = rules.find_clash(term_list, away_list, APART)
    assert (found is not None) == bool(clashes)
    assert found is None or found.user_id in clashes


def test_every_role_is_described():
    assert set(ROLES) == set(Role)
    page = markdown()
    for role, info in ROLES.items():
        assert f"`{role.value}`" in page
        assert info.permissions
