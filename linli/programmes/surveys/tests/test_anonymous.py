"""Anonymous means anonymous: the database is read raw after an answer."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from linli.foundation.accounts.models import Session, Throttle
from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.journal.models import Entry
from linli.programmes.surveys import selectors, services
from linli.programmes.surveys.models import Sheet, Survey, Token
from linli.programmes.surveys.tests.scenes import SAID, begun, enter_form, tell
from tests.login import log_in
from tests.races import at_once

pytestmark = pytest.mark.django_db
ADDRESS, AGENT = "203.0.113.77", "Mozilla/5.0 (Linux; Android 14; VerySpecialPhone)"


@pytest.fixture
def w(world):
    with clock.frozen(world.now):
        enter_form(world)
        yield world


def raw():
    """Return every table as text, rows as they lie."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = [tuple(map(str, row)) for row in cursor.fetchall()]
    return found


@pytest.mark.mechanism("000-30")
def test_an_answer_leaves_nothing_that_leads_to_a_person(w, client):
    survey = begun(w)
    before = raw()
    # Somebody who is logged in at the same browser answers.
    log_in(client, w.users["chengguan"])
    mine = raw()
    home = w.areas["陶家宅"].code
    data = {**SAID, "area": home, "way": "qr", "more": "我叫王小明，电话 13812345678"}
    answer = client.post(
        f"/survey/{survey.code}/", data, REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=AGENT, HTTP_X_FORWARDED_FOR=ADDRESS
    )
    assert answer.status_code == 302
    after = raw()
    changed = {table for table in after if after[table] != mine[table]}
    assert changed == {"surveys_sheet", "accounts_throttle"}
    (row,) = set(after["surveys_sheet"]) - set(before["surveys_sheet"])
    with connection.cursor() as cursor:
        columns = [c.name for c in connection.introspection.get_table_description(cursor, "surveys_sheet")]
    assert sorted(columns) == ["answers", "area_id", "day", "id", "survey_id", "way"]
    text = json.dumps([row, after["accounts_throttle"]])
    for trace in (ADDRESS, AGENT, "VerySpecial", "chengguan", str(w.users["chengguan"].uuid), "13812345678", "王小明"):
        assert trace not in text
    (sheet,) = Sheet.objects.all()
    assert (sheet.day, sheet.area.name, sheet.way) == (w.now.date(), "陶家宅居民区", "qr")
    # What holds off programs says a day and a number, no address, no hour.
    (count,) = [r for r in Throttle.objects.all() if r.key.startswith("survey:")]
    assert (count.last_at.astimezone().minute, count.failures) == (0, 1)
    assert str(survey.uuid) in count.key
    assert not Entry.objects.filter(verb__startswith="surveys.answer").exists()
    # The cookie holds the same word for everybody; no session was begun or changed.
    (cookie,) = [c for name, c in answer.cookies.items() if name.startswith("linli_survey")]
    assert (cookie.value, cookie["path"]) == ("1", f"/survey/{survey.code}/")
    assert set(answer.cookies) <= {cookie.key, "csrftoken"}
    assert Session.objects.count() == 1


def test_the_order_in_which_sheets_came_stands_nowhere(w):
    survey = begun(w)
    for n in range(40):
        tell(w, survey, "陶家宅", more=f"第 {n} 份")
    came = [s.answers["more"] for s in Sheet.objects.order_by("id")]
    assert came != [f"第 {n} 份" for n in range(40)]
    services.close_survey(by=w.actor("lingdao"), now=w.now, survey=survey)
    ended = [s.answers["more"] for s in Sheet.objects.order_by("id")]
    assert sorted(ended) == sorted(came)
    assert ended != came


def test_a_code_lets_answer_once_and_knows_nothing_of_the_sheet(w):
    survey = begun(w, ways=("token", "qr"), sizes={"陶家宅": 60, "天山": 40} if "天山" in w.areas else {"陶家宅": 60},
                   frame={"least": 5, "margin": 20})  # fmt: skip
    made = services.issue_tokens(by=w.actor("lingdao"), now=w.now, survey=survey)
    assert len(made) == sum(survey.frame["drawn"].values())
    (_area, word), answers = made[0], {"known": "no", "work": {"feel": "same", "score": "so"}}
    given = {"now": w.now, "survey": survey, "way": "token", "area_code": "", "answers": answers}
    with pytest.raises(InvalidError):
        services.answer(**(given | {"answers": {}, "token": word}))
    assert not Token.objects.filter(used=True).exists()
    services.answer(**given, token=word.lower().replace("-", " "))
    sheet, token = Sheet.objects.get(), Token.objects.get(used=True)
    assert sheet.area_id == token.area_id
    fields = {f.name for f in Token._meta.get_fields()}
    assert fields == {"id", "survey", "area", "hash", "used"}
    assert word.replace("-", "") not in json.dumps(raw()["surveys_token"])
    with pytest.raises(InvalidError) as again:
        services.answer(**given, token=word)
    assert again.value.code == "surveys.used_token"
    with pytest.raises(InvalidError) as unknown:
        services.answer(**given, token="7KQ4-2MXP-9C")
    assert unknown.value.code == "surveys.no_token"
    assert Sheet.objects.count() == 1
    # New slips make the old ones worthless; those used are not handed out again.
    anew = services.issue_tokens(by=w.actor("lingdao"), now=w.now, survey=survey)
    assert len(anew) == len(made) - 1
    with pytest.raises(InvalidError):
        services.answer(**given, token=made[1][1])
    services.close_survey(by=w.actor("lingdao"), now=w.now, survey=survey)
    assert not Token.objects.exists()


def test_results_wait_for_the_end_and_no_sheet_is_ever_read(w):
    survey = begun(w)
    tell(w, survey, "陶家宅")
    assert selectors.results(Survey.objects.get(pk=survey.pk)) is None
    assert dict(selectors.by_area(survey)) == {w.areas["陶家宅"].code: 1}
    closed = services.close_survey(by=w.actor("lingdao"), now=w.now, survey=survey)
    found = selectors.results(closed)
    assert found.whole["satisfaction"].count is None
    assert all(c.count is None for c in found.cells)
    with pytest.raises(ConflictError):
        tell(w, closed, "陶家宅")


def test_it_ends_by_its_day(w):
    survey = begun(w)
    for _n in range(6):
        tell(w, survey, "陶家宅")
    later = w.now + timedelta(days=15)
    with clock.frozen(later):
        with pytest.raises(ConflictError) as told:
            services.answer(now=later, survey=survey, way="qr", area_code="", answers={})
        assert told.value.code == "surveys.closed"
        assert services.close_due(now=later) == 1
    assert Survey.objects.get().counts["areas"] == {w.areas["陶家宅"].code: 6}


@pytest.mark.django_db(transaction=True)
def test_two_with_one_code_and_an_end_at_the_same_moment_lose_nothing(transactional_db, world):
    with clock.frozen(world.now):
        enter_form(world)
        survey = begun(world, ways=("token", "qr"), sizes={"陶家宅": 40}, frame={"least": 5, "margin": 20})
        made = services.issue_tokens(by=world.actor("lingdao"), now=world.now, survey=survey)
        answers = {"known": "no", "work": {"feel": "same", "score": "so"}}

        def use(word):
            services.answer(now=world.now, survey=survey, way="token", area_code="", answers=answers, token=word)
            return "taken"

        by = world.actor("lingdao")
        results = at_once(
            lambda: use(made[0][1]),
            lambda: use(made[0][1]),
            lambda: use(made[1][1]),
            lambda: services.close_survey(by=by, now=world.now, survey=survey),
        )
    taken = results[:3].count("taken")
    assert taken <= 2
    assert not isinstance(results[3], Exception)
    counted = sum(Survey.objects.get(pk=survey.pk).counts["areas"].values())
    assert counted == Sheet.objects.count() == taken


def test_the_few_without_an_area_cannot_be_reckoned_from_the_whole(w):
    survey = begun(w)
    survey = services.close_survey(by=w.actor("lingdao"), now=w.now, survey=survey)
    survey.counts = {
        "questions": {"known": {"": {"no": 2}, "changer": {"yes": 30}}}, "areas": {"": 2, "changer": 30}, "asked": {},
    }  # fmt: skip
    (known,) = [cells for cells in selectors.results(survey).cells if cells.path == "known"]
    assert known.count == 30
    assert dict(row[:2] for row in known.rows) == {"是": 30, "否": 0}
