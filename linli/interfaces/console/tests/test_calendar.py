"""The working calendar through its pages: the year, days of one's own, a notice read and held against the calendar."""

import re
from datetime import date

import pytest

from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.journal.models import Entry
from linli.foundation.rulebook import selectors, services
from linli.foundation.rulebook.exceptions import YearNotAnnouncedError
from linli.foundation.rulebook.models import CalendarDay, CalendarYear
from linli.foundation.rulebook.types import SpecialDay
from tests.login import log_in

pytestmark = pytest.mark.django_db
URL = "/console/calendar/"
# Not official: a year made up for the test, with the weekdays of 2027.
TEXT = """关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。2月14日（周日）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至3日（周一）放假，共3天。
五、端午节：6月9日（周三）放假1天。
六、中秋节：9月15日（周三）放假1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。10月9日（周六）上班。
"""


@pytest.fixture
def admin(client, world):
    with clock.frozen(world.now):
        yield log_in(client, world.users["xitong"])


def read(answer):
    return answer.content.decode()


def sent(client, text=TEXT, year="2027", **more):
    return client.post(f"{URL}notice/", {"year": year, "text": text, "source": "测试用通知"} | more)


def seen(answer):
    return re.findall(r'name="seen" value="(\w+)"', read(answer))[0]


def test_the_year_is_shown_by_months_with_holidays_and_working_weekends(admin):
    text = read(admin.get(f"{URL}?year=2026"))
    assert text.count('class="month"') == 12
    assert text.count("day--holiday") == 33 + 1  # and the key
    assert text.count("day--shift") == 6 + 1
    assert "随软件提供的国务院办公厅放假安排" in text
    assert admin.get(f"{URL}?year=abcd").status_code == 200
    assert admin.get(f"{URL}?year=9999").status_code == 200


def test_an_unannounced_year_says_what_follows(admin):
    text = read(admin.get(f"{URL}?year=2027"))
    assert "2027 年的放假安排还没有录入" in text
    assert "暂定" in text
    assert "day--holiday" not in text.split("daykey")[1].split("</ul>")[1]


def test_a_notice_is_read_held_against_the_calendar_and_entered(admin):
    first = sent(admin)
    text = read(first)
    assert first.status_code == 200
    assert "放假 25 天，调休上班 2 天" in text
    assert "都与原文相符" in text
    with pytest.raises(YearNotAnnouncedError):
        selectors.working_calendar().is_workday(date(2027, 6, 15))
    assert sent(admin, seen=seen(first)).status_code == 302
    book = selectors.working_calendar()
    assert not book.is_workday(date(2027, 2, 5))
    assert book.is_workday(date(2027, 2, 14))
    assert book.is_workday(date(2027, 6, 15))
    assert CalendarYear.objects.get(year=2027).notice.startswith("关于2027年")
    assert Entry.objects.filter(verb="rulebook.announce_year").latest("id").reason == "测试用通知"
    assert "依据：测试用通知" in read(admin.get(f"{URL}?year=2027"))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("1月1日（周五）", "1月1日（周四）", "2027-01-01 写作周四，实为周五"),
        ("共7天。2月14日", "共8天。2月14日", "写明共 8 天，读出的是 7 天"),
        ("2月14日（周日）上班", "2月15日（周一）上班", "本来就不是周末"),
        ("五、端午节：6月9日（周三）放假1天。\n", "", "没有提到端午。"),
        ("关于2027年", "关于2028年", "通知写的是 2028 年，不是 2027 年"),
    ],
)
def test_a_notice_that_contradicts_itself_is_not_entered(admin, old, new, says):
    answer = sent(admin, TEXT.replace(old, new))
    assert answer.status_code == 422
    assert says in read(answer)
    assert 'name="seen"' not in read(answer)
    assert new.strip() in read(answer)
    assert not CalendarYear.objects.exists()


def test_an_empty_or_foreign_text_is_refused_with_what_to_do(admin):
    assert "没有读出任何放假安排" in read(sent(admin, "今天天气很好"))
    assert sent(admin, "").status_code == 422


def test_a_text_changed_after_reading_is_read_again(admin):
    first = sent(admin)
    other = sent(admin, TEXT.replace("6月9日（周三）", "6月10日（周四）"), seen=seen(first))
    assert other.status_code == 200
    assert not CalendarYear.objects.exists()


def test_a_known_year_is_compared_with_what_is_known(admin):
    text = TEXT.replace("2027", "2026").replace("（周", "（约周")
    text = re.sub(r"（约周.）", "", text)
    answer = read(sent(admin, text.replace("2月14日上班", "2月14日上班"), year="2026"))
    assert "与现有日历有" in answer


def test_a_typhoon_stop_is_entered_and_taken_back(admin):
    form = {"first": "2026-07-15", "last": "2026-07-16", "kind": "rest", "name": "台风停工", "reason": "区防汛指令"}
    assert admin.post(f"{URL}days/?year=2026", form).status_code == 302
    assert not selectors.working_calendar().is_workday(date(2026, 7, 15))
    text = read(admin.get(f"{URL}?year=2026"))
    assert "台风停工" in text
    assert text.count("is-own") == 2 + 1
    assert Entry.objects.filter(verb="rulebook.set_days").latest("id").reason == "区防汛指令"
    assert admin.post(f"{URL}restore/?year=2026", {"day": "2026-07-15", "reason": ""}).status_code == 422
    assert admin.post(f"{URL}restore/?year=2026", {"day": "2026-07-15", "reason": "台风未到"}).status_code == 302
    assert selectors.working_calendar().is_workday(date(2026, 7, 15))
    assert not selectors.working_calendar().is_workday(date(2026, 7, 16))


def test_a_day_of_ones_own_over_a_notice_gives_way_to_the_notice_again(admin):
    sent(admin, seen=seen(sent(admin)))
    form = {"first": "2027-02-05", "kind": "work", "name": "值守", "reason": "统一部署"}
    admin.post(f"{URL}days/", form)
    assert selectors.working_calendar().is_workday(date(2027, 2, 5))
    assert "统一部署" in read(admin.get(f"{URL}?year=2027"))
    admin.post(f"{URL}restore/", {"day": "2027-02-05", "reason": "取消"})
    assert not selectors.working_calendar().is_workday(date(2027, 2, 5))
    assert "统一部署" not in read(admin.get(f"{URL}?year=2027"))


def test_a_year_announced_before_notices_were_kept_shows_its_days_as_official(admin):
    days = [SpecialDay(date(2027, 1, 1), is_workday=False, name="元旦", source="通知")]
    days += [SpecialDay(date(2027, 10, n), is_workday=False, name="国庆节", source="通知") for n in range(1, 12)]
    services.announce_year(by=SYSTEM, now=clock.now(), year=2027, days=days, source="通知")
    for kept in (True, False):
        assert "没有，全部按官方安排" in read(admin.get(f"{URL}?year=2027")), kept
        CalendarYear.objects.update(days=[], notice="")  # as 0.1.0 left it


def test_a_corrected_notice_takes_back_what_the_first_said(admin):
    sent(admin, seen=seen(sent(admin)))
    other = TEXT.replace("6月9日（周三）", "6月10日（周四）")
    sent(admin, other, seen=seen(sent(admin, other)))
    book = selectors.working_calendar()
    assert book.is_workday(date(2027, 6, 9))
    assert not book.is_workday(date(2027, 6, 10))
    assert CalendarYear.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"last": "2026-07-01"}, "末日不能早于首日"),
        ({"reason": ""}, "has-error"),
        ({"first": "2026-02-30"}, "has-error"),
        ({"last": "2027-07-15"}, "一次最多 31 天"),
    ],
)
def test_wrong_days_are_refused_and_stay_typed(admin, more, says):
    form = {"first": "2026-07-15", "kind": "rest", "name": "台风停工", "reason": "区防汛指令"} | more
    answer = admin.post(f"{URL}days/?year=2026", form)
    assert answer.status_code == 422
    assert says in read(answer)
    assert "台风停工" in read(answer)
    assert not CalendarDay.objects.exists()


def test_leaders_read_and_change_nothing(client, world):
    log_in(client, world.users["zhiban"])
    text = read(client.get(URL))
    assert "录入放假通知" not in text
    assert client.post(f"{URL}days/", {}).status_code == 404
    assert client.get(f"{URL}notice/").status_code == 404
