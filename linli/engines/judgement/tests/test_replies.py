"""Notes to a draft reply: made-up ones of each kind, what is in order stays without a note, and real replies."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.judgement.rules import replies, reply_names
from linli.engines.judgement.rules.replies import Kind, Note

SHARED = Path("shared", "data", "messages", "replies.xlsx")
REAL = next((p / SHARED for p in Path(__file__).resolve().parents if (p / SHARED).is_file()), SHARED)
REPORTED, TODAY = date(2026, 3, 10), date(2026, 3, 12)
ASKED = "弄口的路灯坏了。请问什么时候修好？能不能在小区北门加装一个减速带？"


def told(draft, message=ASKED, known=()):
    return replies.notes(message, known, draft, REPORTED, TODAY)


def test_what_was_asked_and_not_answered_is_said_with_the_question():
    found = told("您好，您反映的情况我们已经收悉并转有关单位处理，感谢您的支持。")
    assert Note(Kind.ASKED, "能不能在小区北门加装一个减速带？") in found
    assert told("感谢来电，我们会处理。", "什么时候修好？") == [Note(Kind.WHEN, "什么时候修好？")]
    assert told("请向物业咨询。", "停车收费标准是什么？") == [Note(Kind.HOW_MUCH, "停车收费标准是什么？")]
    assert told("请向物业咨询。", "物业的电话是多少？") == [Note(Kind.CALL, "物业的电话是多少？")]


def test_a_reply_that_answers_gets_no_note():
    draft = "您好，路灯已联系养护单位，3月15日前修好；小区北门加装减速带一事，已列入本年道路整治，4月底施工。"
    assert told(draft) == []
    assert told("停车每月200元。", "停车收费标准是什么？每月200元对吗？") == []


def test_facts_that_stand_nowhere_in_the_case_are_asked_about_once_and_together():
    draft = "请拨打62880000，赔偿金额3,500元，工单HY20260310-0099，2026年2月30日、2025年12月1日我们看过现场。"
    assert told(draft, "路灯坏了") == [
        Note(Kind.FACT, "62880000、3,500元、HY20260310-0099、2026年2月30日、2025年12月1日")
    ]
    known = ["电话 6288-0000", "核定3500元", "HY20260310-0099", "2025年12月1日巡查"]
    assert told(draft.replace("2026年2月30日、", ""), "路灯坏了", known) == []


@pytest.mark.parametrize(
    "draft",
    [
        "2026年3月11日我们到场查看。",
        "2026年5月1日前完工。",
        "市政府2026年1月5日印发的办法。",
        "如不满意请拨打12345。",
    ],
)
def test_days_of_the_case_promises_and_the_hotline_are_not_strange(draft):
    assert told(draft, "路灯坏了") == []


def test_words_that_put_people_off_are_named():
    assert told("此事不归我们管，请自己想办法。", "路灯坏了") == [
        Note(Kind.TONE, "不归我们管"), Note(Kind.TONE, "自己想办法"),
    ]  # fmt: skip


def test_a_decision_wants_its_law_and_a_rule_its_name():
    assert told("您的申请不予受理。", "申请低保") == [Note(Kind.LAW, "不予受理")]
    assert told("根据有关规定，我们会加强巡查。", "车乱停") == [Note(Kind.VAGUE, "根据有关规定")]
    assert told("根据《社会救助暂行办法》第十一条，您的申请不予受理。", "申请低保") == []


def test_what_a_rule_says_of_all_is_no_decision():
    for said in (
        "凡不符合条件的，一律不受理。", "对不符合条件的申请，会书面说明。", "荒地及无青苗的不予补助。",
        "灯光不符合GB21861要求，已检测不合格。", "按登记办法12号文，您的情况不符合条件，不能迁。",
    ):  # fmt: skip
        assert [n for n in told(said, "申请低保") if n.kind == Kind.LAW] == []


def test_a_number_of_a_public_service_answers_where_to_call():
    assert told("法律援助请拨打12348，免费。", "法律援助的电话是多少？") == []


def test_reproach_is_no_question_and_at_most_three_open_ones_are_noted():
    draft = "您反映的问题已转交住建局调查核处。"
    assert told(draft, "不知是否忘记了当年写在纸上的承诺，别再糊弄老百姓！") == []
    asked = "".join(f"请问第{n}号楼外墙渗水是否已经列入今年维修计划？" for n in "一二三四五")
    assert [n.kind for n in told(draft, asked)] == [Kind.ASKED] * 3


# --- names of persons

SURNAMES = st.sampled_from(sorted(reply_names.words("surnames")))
GIVEN = st.text(alphabet="明华强丽芳伟静秀英霞平刚桂兰燕鹏勇艳杰涛超", min_size=1, max_size=2)
TITLES = st.sampled_from(sorted(reply_names.words("polite") | reply_names.words("posts")))


@given(SURNAMES, GIVEN, TITLES, st.sampled_from(["请找", "已由物业的", "2日，", "居委会", "。"]))
def test_a_full_name_with_a_title_is_noted_unless_the_case_has_it(surname, given_name, title, before):
    name = surname + given_name
    draft = f"路灯已修，{before}{name}{title}到场。"
    assert name in reply_names.unknown("", draft)
    assert reply_names.unknown(f"{name}打来电话", draft) == []
    assert reply_names.unknown(f"{surname}某反映", draft) == []


@given(SURNAMES, GIVEN, st.sampled_from(sorted(reply_names.words("labels"))), st.sampled_from("，。）； 0"))
def test_a_name_after_contact_is_noted(surname, given_name, label, after):
    assert reply_names.unknown("", f"详情请咨询，{label}：{surname}{given_name}{after}") == [surname + given_name]


@given(st.text(max_size=120))
def test_what_the_case_says_names_nobody_new(text):
    assert reply_names.unknown(text, text) == []


@pytest.mark.parametrize(
    ("draft", "names"),
    [
        ("医院保安队王队长已到场，请联系彭经理。", "王队长、彭经理"),
        ("陈正明科长带队，陈科长已说明。", "陈正明"),
        ("联系人：周粲，电话见上。", "周粲"),
        ("群众代表李金合等同志做了工作。", "李金合"),
    ],
)
def test_names_that_the_case_does_not_hold_are_asked_about_once_and_together(draft, names):
    assert told(draft, "路灯坏了") == [Note(Kind.NAME, names)]


@pytest.mark.parametrize(
    "draft",
    [
        "王女士，您好！路灯已修好。",
        "路灯已修好，王先生您可以查看。",
        "妇女主任、治安主任、办公室主任、现任主任都到场。",
        "镇党委书记高度重视，区交警大队安排民警到现场。",
        "向贺XX老师和王*林同志核实，曾某已道歉。",
        "关于院长的问题，由负责人和国土所说明。",
        "任党小组长，农技站长、纪检组长参加。",
        "使用科室负责人申报，再由分管校长审批，严令校长整改。",
        "已转陈中书记信箱。",
        "该同志表示，老师们、医生们，本班主任和物业经理均知情。",
        "请关注人社局公众号，联系人见附件。",
    ],
)
def test_posts_greetings_and_masked_names_are_no_names(draft):
    assert [n for n in told(draft, "路灯坏了") if n.kind == Kind.NAME] == []


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_gets_few_notes_and_each_once(message, draft):
    found = told(draft, message)
    assert len(found) == len(set(found)) <= replies.MOST
    assert told("  ", message) == []


@given(st.text(alphabet="0123456789-元万年月日请拨打HY，", max_size=60))
def test_what_stands_in_the_case_is_never_strange(draft):
    assert [n for n in told(draft, "路灯坏了", [draft]) if n.kind == Kind.FACT and "年" not in n.words] == []


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_file(), reason="the real replies are not on this machine")
def test_real_replies_get_few_notes():
    """2,816 real replies: more than half get none, and on average there is less than one for two of them."""
    book = openpyxl.load_workbook(REAL, read_only=True)
    rows = list(book.worksheets[0].iter_rows(values_only=True))[1:]
    book.close()
    counts = []
    for number, user, subject, at, text, reply, answered in rows:
        days = [
            d.date() if isinstance(d, datetime) else datetime.strptime(str(d).split()[0], "%Y/%m/%d").date()  # noqa: DTZ007
            for d in (at, answered)
        ]
        counts.append(len(replies.notes(f"{subject}。{text}", [str(number), str(user)], str(reply or ""), *days)))
    assert len(counts) == 2_816
    assert counts.count(0) > len(counts) / 2
    assert sum(counts) / len(counts) < 0.5
