from datetime import date

import pytest

from linli.foundation.core import faults
from linli.foundation.core.errors import InvalidError


class Wrong(faults.Faults):
    room = "room"


class Unmasked(faults.Faults):
    room = "room"
    masks = False


def test_all_that_is_wrong_is_said_at_once_field_by_field():
    wrong = Wrong()
    assert wrong.words("name", " ", 5, needed=True) == ""
    wrong.words("name", "一二三四五六", 5)
    wrong.choice("way", "by_air", ("by_hand",))
    wrong.days(date(2026, 3, 2), date(2026, 3, 1))
    with pytest.raises(InvalidError) as refused:
        wrong.check()
    assert refused.value.code == "room.invalid"
    assert refused.value.message == "有 3 处需要修改。"
    assert {name: len(said) for name, said in refused.value.fields.items()} == {"name": 2, "way": 1, "ends_on": 1}


def test_nothing_wrong_raises_nothing():
    wrong = Wrong()
    assert wrong.words("name", " 弄堂口 ", 5) == "弄堂口"
    assert wrong.choice("way", "by_hand", ("by_hand",)) == "by_hand"
    wrong.days(None, date(2026, 3, 1))
    wrong.days(date(2026, 3, 1), date(2026, 3, 1))
    wrong.check()
    assert wrong.fields == {}


def test_numbers_of_people_are_covered_where_the_room_says_so():
    assert "13812345678" not in Wrong().words("text", "电话13812345678", 30)
    assert Unmasked().words("text", "电话13812345678", 30) == "电话13812345678"
