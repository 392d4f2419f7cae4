import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.foundation.core.text import clean, find_personal, mask_name, mask_personal, mask_phone, to_halfwidth, tokens

HAN = st.text(alphabet="邻里社区治理飞线充电楼道堆物長寧路乾坤干净裏里後后髮发𠮷𠀀〇龥㐂", min_size=2, max_size=30)


@given(HAN, st.data())
def test_every_part_of_two_or_more_characters_is_found_by_its_tokens(text, data):
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))
    assert set(tokens(text[start:end])) <= set(tokens(text))


@given(st.text(max_size=60))
def test_any_text_has_tokens_that_fold_to_themselves(text):
    assert all(tokens(t) == [t] for t in tokens(text) if t.isascii())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("飞线充电", ["飞线", "线充", "充电"]),
        ("長寧路４８８弄", ["长宁", "宁路", "488", "弄"]),
        ("𠮷野家", ["𠮷野", "野家"]),
        ("楼😀道", ["楼", "道"]),
        ("ＡＢＣ abc", ["abc", "abc"]),
        ("电", ["电"]),
        ("HY20261121-0038", ["hy20261121", "0038"]),
        ("", []),
    ],
)
def test_tokens(text, found):
    assert tokens(text) == found


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("请打13812345678", ["phone"]),
        ("电话：１３８ １２３４ ５６７８", ["phone"]),
        ("+86-138-1234-5678", ["phone"]),
        ("座机021-52345678", ["phone"]),
        ("(021)52345678", ["phone"]),
        ("座机 52345678", ["phone"]),
        ("一三八一二三四五六七八", ["phone"]),
        ("身份证11010519491231002X", ["id"]),
        ("他的号码是 440308199901101512", ["id"]),
        ("身份证号：440308199901101511", ["id"]),
        ("卡号6222 0210 0111 1111 119", []),
        ("卡号4111 1111 1111 1111", ["bank"]),
        ("mail: a.b+c@example.com.cn。", ["email"]),
        ("13812345678和13912345678", ["phone", "phone"]),
        ("案件HY20261121-0038", []),
        ("工单号20261121138123456", []),
        ("工单 310105202611210037", []),
        ("请拨打12345", []),
        ("电话 12345", []),
        ("价格12800.50元，共3,500,000元", []),
        ("2026年11月21日 09:30", []),
        ("长宁路488弄12号302室", []),
        ("领导好，我叫陈小样，住在安西路", ["name"]),
        ("我名字叫欧阳小样,2017年", ["name"]),
        ("姓名：周样（身份证号略）", ["name"]),
        ("举报人：周样 2019年3月", ["name"]),
        ("联系人：王女士", []),
        ("我叫停车的人让一下", []),
        ("我叫了外卖", []),
        ("联系人：略", []),
        ("我是江苏路的居民", []),
        ("本人高度近视", []),
        ("加微信号：abc12345 或 QQ 123456789", ["account", "account"]),
        ("我建了微信群，QQ群也有", []),
    ],
)
def test_personal_numbers_and_what_only_looks_like_them(text, kinds):
    assert [s.kind for s in find_personal(text)] == kinds


@given(
    st.integers(13_000_000_000, 19_999_999_999),
    st.text(alphabet="你好，。 a\n（", max_size=10),
    st.text(alphabet="你好，。 \n）", max_size=10),
)
def test_no_mobile_number_survives_masking(number, before, after):
    assert str(number) not in mask_personal(f"{before}{number}{after}")


@given(st.text(max_size=200))
def test_masking_is_done_after_once(text):
    once = mask_personal(text)
    assert mask_personal(once) == once
    spans = find_personal(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


@pytest.mark.slow
def test_a_megabyte_of_numbers_takes_no_time():
    begun = time.process_time()
    find_personal("13812345678," * 80_000)
    find_personal("a" * 1_000_000)
    assert time.process_time() - begun < 5


@given(st.text())
def test_clean_text_stays_clean(text):
    once = clean(text)
    assert clean(once) == once
    assert "\x00" not in once
    assert "\u202e" not in once
    once.encode()


def test_small_masks():
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("123") == "****"
    assert mask_name("王建国") == "王＊＊"
    assert mask_name("") == ""
    assert to_halfwidth("１２Ａｂ　。") == "12Ab 。"
