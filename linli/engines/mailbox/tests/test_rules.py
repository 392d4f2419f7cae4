"""How mails are read and what of them is cut, also where they are broken or made by who means ill."""

import base64
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.mailbox import rules
from linli.engines.mailbox.rules.charsets import decoded, header_text
from linli.engines.mailbox.rules.reading import UnreadableError
from linli.engines.mailbox.types import Incoming, Reason

_PIECES = st.sampled_from(
    [
        "路灯不亮", "> 引用", "-----Original Message-----", "-------- 原始邮件 --------", "-- ", "发自我的iPhone",
        "On Tue, Mar 10, 2026 at 10:00 AM Li <li@x.cn> wrote:", "在 2026年3月10日，街道 写道：", "",
        "发件人：街道", "发送时间：周二",
        "From: a", "Sent: b", "[HY20260310-0001/AB12CD34EF]", "Re: ", "回复：", "转发：", "\x00\ud800",
        "=?gb2312?B?", "?=", " " * 50,
    ]
)  # fmt: skip
_TEXTS = st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=30).map("\n".join))


@given(_TEXTS, st.booleans())
def test_cutting_never_fails_and_only_takes_away(text, answer):
    kept = rules.cut(text, answer=answer)
    assert len(kept) <= len(text)
    assert bool(kept) == bool(text.strip())
    assert kept in text
    assert rules.cut(kept, answer=False) in kept


@given(st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=12).map("".join)))
def test_subjects_never_fail_and_only_lose(subject):
    bare = rules.bare_subject(subject)
    assert len(bare) <= len(subject)
    assert rules.bare_subject(bare) == bare
    assert len(rules.marks_in(subject)) <= 5
    assert rules.is_answer(subject, ()) in {True, False}


@given(st.one_of(st.binary(max_size=400), _TEXTS.map(lambda t: t.encode("utf-8", "replace"))))
def test_reading_anything_gives_a_message_or_says_that_it_cannot(raw):
    try:
        found = rules.read(b"From: a@b.cn\nSubject: x\n" + raw)
    except UnreadableError:
        return
    found.text.encode()  # no lone surrogate is left
    found.subject.encode()
    assert "\x00" not in found.text + found.subject
    rules.automatic(found, ())
    rules.suspicious(found)
    rules.read_headers(raw)


@given(_TEXTS)
def test_html_never_fails_and_holds_no_tag_of_a_page(text):
    assert "<script" not in rules.plain_text(f"<p>{text}</p><script>alert(1)</script>").replace(text, "")


@given(st.binary(max_size=60), st.sampled_from(["", "gb2312", "utf-8", "big5", "x-none", "us-ascii", "utf-7\n"]))
def test_bytes_are_always_text(raw, charset):
    assert isinstance(decoded(raw, charset), str)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("已清走，谢谢。\n\n------------ 原始邮件 ------------\n发件人: \"街道\"\n请您补充", "已清走，谢谢。"),
        ("在三楼\n\n---- 回复的原邮件 ----\n| 发件人 | 街道 |", "在三楼"),
        ("在三楼\nAt 2026-03-10 10:00:00, \"街道\" <f@x.cn> wrote:\n>在几楼", "在三楼"),
        ("在三楼\n\n街道 <f@x.cn> 于2026年3月10日周二 10:00写道：\n\n> 在几楼", "在三楼"),
        ("Third floor\n\nOn Tue, Mar 10, 2026 at 10:00 AM Office\n<f@x.cn> wrote:\n\n> where", "Third floor"),
        ("在三楼\n________________\n发件人: 街道\n发送时间: 2026年3月10日\n收件人: 王\n主题: 补充", "在三楼"),
        ("在三楼\n\n发件人： 街道\n日期： 2026年3月10日\n主题： 补充\n在几楼", "在三楼"),
        ("> 在几楼？\n三楼\n> 几号？\n3 号", "> 在几楼？\n三楼\n> 几号？\n3 号"),
        ("在三楼\n\n发自我的iPhone", "在三楼"),
        ("在三楼\n-- \n王建国\n某公司", "在三楼"),
        ("> 全是引用", "> 全是引用"),
        ("发件人：是谁我不知道\n反正楼道堵了", "发件人：是谁我不知道\n反正楼道堵了"),
    ],
)  # fmt: skip
def test_history_and_signatures_are_cut_from_answers(text, kept):
    assert rules.cut(text, answer=True) == kept


def test_what_somebody_passes_on_is_the_matter_itself():
    text = "请看下面。\n\n---------- Forwarded message ---------\n发件人：物业\n电梯要停三天\n\n发自我的iPhone"
    assert rules.cut(text, answer=False) == text.removesuffix("\n\n发自我的iPhone")


@pytest.mark.parametrize(
    ("subject", "bare", "answer", "marks"),
    [
        ("Re: 回复：楼道堆物 [HY20260310-0007/AB12CD34EF]", "楼道堆物", True, ["HY20260310-0007/AB12CD34EF"]),
        ("转发: Fw: 电梯", "电梯", False, []),
        ("答复： 【HY20260310-0007／ab12cd34ef】", "", True, ["HY20260310-0007/AB12CD34EF"]),
        ("HY20260310-0007 怎么样了", "HY20260310-0007 怎么样了", False, ["HY20260310-0007"]),
        ("Re[2]: 水", "水", True, []),
        ("Regarding the lift", "Regarding the lift", False, []),
        ("订单 1220260310-00071234567", "订单 1220260310-00071234567", False, []),
    ],
)
def test_subjects_say_which_case_is_meant(subject, bare, answer, marks):
    assert (rules.bare_subject(subject), rules.is_answer(subject, ()), rules.marks_in(subject)) == (bare, answer, marks)


def _mail(charset, encoding, body, subject=None):
    head = f"From: =?{charset}?B?{base64.b64encode('王'.encode(encoding)).decode()}?= <w@x.cn>\n"
    return head.encode() + b"Subject: " + (subject or b"x") + (
        f"\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n".encode() + body
    )  # fmt: skip


@pytest.mark.parametrize(
    ("charset", "encoding", "text"),
    [
        ("gb2312", "gb18030", "朱镕基路，㑇巷，€ 堆物"),  # calls itself by the older name
        ("gbk", "gb18030", "楼道堆物 䶮"),
        ("GB18030", "gb18030", "𠮷巷漏水"),
        ("utf-8", "utf-8", "楼道堆物"),
        ("us-ascii", "gb18030", "楼道堆物很久了"),  # says nothing true
        ("iso-8859-1", "utf-8", "楼道堆物"),
        ("x-unknown", "utf-8", "楼道堆物"),
        ("big5", "big5hkscs", "樓道堆物"),
        ("utf-8", "gb18030", "楼道堆物很久了没有人清理"),  # says what is wrong
        ("iso-2022-jp", "iso-2022-jp", "日本語"),
    ],
)
def test_every_charset_of_chinese_mailers_is_read(charset, encoding, text):
    found = rules.read(_mail(charset, encoding, text.encode(encoding), text.encode(encoding)))
    assert (found.text, found.sender, found.sender_name) == (text, "w@x.cn", "王")
    if charset != "iso-2022-jp":
        assert found.subject == text


def test_words_of_a_header_that_were_cut_in_the_middle_are_put_together():
    raw = "楼道堆物没人清理".encode("gb18030")
    words = [base64.b64encode(raw[i : i + 5]).decode() for i in range(0, len(raw), 5)]
    assert header_text("\n ".join(f"=?gb2312?B?{w}?=" for w in words)) == "楼道堆物没人清理"
    assert header_text("=?utf-8?Q?=E6=A5=BC?= x =?utf-8?q?a_b?=") == "楼 x a b"
    assert header_text("=?utf-8?B?5qW8???=") == "=?utf-8?B?5qW8???="


@pytest.mark.parametrize(
    ("raw", "sender"),
    [
        (b"From: w@x.cn\n\nx", "w@x.cn"),
        (b'From: "li@x.cn" <W@X.cn>\n\nx', "w@x.cn"),
        (b"From: <a@x.cn\n\nx", "a@x.cn"),
        (b"From: \n\nx", ""),
        (b"From: a@x.cn, b@x.cn\n\nx", "a@x.cn"),
        (b"From: =?utf-8?B?PGV2aWxAeC5jbj4=?= <good@x.cn>\n\nx", "good@x.cn"),
        (b"\xff\xfe", ""),
    ],
)
def test_who_wrote_is_an_address_or_nobody(raw, sender):
    assert rules.read(raw).sender == sender


def test_html_becomes_lines_without_what_is_not_shown():
    html = (
        "<html><head><title>t</title><style>p{}</style></head><body><div>路灯<b>不亮</b>&nbsp;三天</div>"
        "<p style='display:none'>藏着的</p><ul><li>一</li><li>二</li></ul><img src='http://x/t.gif'>"
        "<blockquote>原来的话<br>第二行</blockquote><script>alert(1)</script></body></html>"
    )
    assert rules.plain_text(html) == "路灯不亮 三天\n\n- 一\n- 二\n> 原来的话\n> 第二行"


def _multipart():
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = "w@x.cn", "照片", "<m@x.cn>"
    mail.set_content("纯文本")
    mail.add_alternative("<p>网页</p>", subtype="html")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="照片 1.png")
    inner = EmailMessage()
    inner["Subject"] = "inner"
    inner.set_content("不该读到")
    mail.add_attachment(inner)
    return mail


def test_the_plain_text_is_taken_and_what_is_attached_is_named():
    found = rules.read(_multipart().as_bytes())
    assert found.text == "纯文本"
    assert [(p.name, p.mime, p.inline) for p in found.parts] == [
        ("照片 1.png", "image/png", False), ("message.eml", "message/rfc822", False),
    ]  # fmt: skip


def test_a_blank_plain_part_gives_way_to_the_page():
    mail = EmailMessage()
    mail["From"] = "w@x.cn"
    mail.set_content(" \n")
    mail.add_alternative("<p>网页里的话</p>", subtype="html")
    assert rules.read(mail.as_bytes()).text == "网页里的话"


def test_names_of_files_lead_nowhere_else():
    raw = (
        b"From: w@x.cn\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/png\n"
        b'Content-Disposition: attachment; filename="../../etc/passwd"\n\nx\n--b--\n'
    )
    assert rules.read(raw).parts[0].name == "etc_passwd"


def test_too_many_and_too_deep_parts_are_refused():
    many = b"From: w@x.cn\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 300 + b"--b--\n"
    deep = b"".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n".encode() for n in range(80))
    for raw in (many, b"From: w@x.cn\n" + deep + b"\nx"):
        with pytest.raises(UnreadableError):
            rules.read(raw)


def test_a_person_is_not_taken_for_a_machine():
    mail = Incoming(sender="w@x.cn", subject="自动门坏了", headers={"auto-submitted": "no", "precedence": "normal"})
    assert rules.automatic(mail, ()) is Reason.NONE
    assert not rules.suspicious(mail)
