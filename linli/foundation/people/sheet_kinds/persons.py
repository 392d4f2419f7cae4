"""People from a sheet: accounts are made, posts are only proposed; the security administrator puts them in force.

The system administrator makes accounts and never grants; the security administrator grants and makes none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.accounts import permissions as account_permissions
from linli.foundation.accounts import rules as account_rules
from linli.foundation.accounts import services as accounts
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError
from linli.foundation.journal import selectors as journal
from linli.foundation.people import permissions
from linli.foundation.people.models import Appointment, Post
from linli.foundation.people.services import appoint
from linli.foundation.people.sheet_kinds.looking import note_changes, note_removed
from linli.foundation.sheets.permissions import may_administer
from linli.foundation.sheets.services import pointing_at
from linli.foundation.sheets.services.removing import delete_rows
from linli.foundation.sheets.types import About, Change, Column, Found, Hang, Made, Row, Second, SheetKind, Type, Values

_PERSONAL = ("display_name", "phone", "username")
_CHUNK = 500
COLUMNS = (
    Column("username", gettext_lazy("账号"), required=True, aliases=("登录名", "用户名"), longest=64, fixed=True,
           personal=True, example="zhangli", hint=gettext_lazy("登录用，2 至 64 个字符；已有的账号按它找到。")),
    Column("display_name", gettext_lazy("姓名"), required=True, aliases=("名字",), longest=64, personal=True,
           example=gettext_lazy("张某")),
    Column("phone", gettext_lazy("手机号"), aliases=("手机", "电话", "联系电话"), longest=32, personal=True,
           hint=gettext_lazy("可用来登录和接收短信，可不填。")),
    Column("posts", gettext_lazy("岗位"), Type.LIST, aliases=("任职", "岗位名称"), proposed=True, longest=1000,
           example=gettext_lazy("街道社区管理办公室/管理办负责人"),
           hint=gettext_lazy("写成“单位/岗位名称”，多个用顿号分隔；由安全管理员确认后才生效。")),
    Column("since", gettext_lazy("任职自"), Type.DATE, aliases=("任职日期",), proposed=True, example="2026-01-01",
           hint=gettext_lazy("不填为确认的那一天。")),
)  # fmt: skip


def _user_model() -> Any:
    return get_user_model()


class PostNames:
    """Working posts by the words of a sheet: unit and title, with the area where two share those."""

    def __init__(self) -> None:
        """Read them: one statement."""
        rows = Post.objects.filter(active=True, unit__active=True).select_related("unit", "area").order_by("id")
        self.posts = {p.pk: p for p in rows}
        self.by_words: dict[str, list[Post]] = defaultdict(list)
        for post in self.posts.values():
            for unit in dict.fromkeys([post.unit.name, post.unit.short_name]):
                self.by_words[f"{unit}/{post.title}"].append(post)
                if post.area:
                    self.by_words[f"{unit}/{post.title}/{post.area.name}"].append(post)

    def words(self, post: Post) -> str:
        """Return how a sheet names a post."""
        plain = f"{post.unit.name}/{post.title}"
        return plain if len(self.by_words[plain]) == 1 or not post.area else f"{plain}/{post.area.name}"

    def find(self, text: str) -> Post | None:
        """Return the post of these words; the first of several that are alike in all they say."""
        found = self.by_words.get(text.replace("／", "/").replace(" ", ""), []) or self.by_words.get(text, [])
        return found[0] if found and len({(p.role, p.area_id) for p in found}) == 1 else None


def _post_names(about: About) -> PostNames:
    found: PostNames = about.once("post_names", PostNames)
    return found


def _held(user_ids: Sequence[int], names: PostNames, on: date) -> dict[int, list[str]]:
    """Return whom → the words of the posts that they hold on a day or later."""
    rows = Appointment.objects.filter(user__in=user_ids, post__in=list(names.posts)).exclude(ends_on__lt=on)
    found: dict[int, list[str]] = defaultdict(list)
    for user_id, post_id in rows.order_by("id").values_list("user_id", "post_id"):
        words = names.words(names.posts[post_id])
        if words not in found[user_id]:
            found[user_id].append(words)
    return found


def _found(user: Any, held: Mapping[int, Sequence[str]]) -> Found:
    values = {
        "username": user.username,
        "display_name": user.display_name,
        "phone": user.phone,
        "posts": "、".join(held.get(user.pk, [])),
        "since": "",
    }
    return Found(user.username, user.display_name, values, user.pk, user.uuid)


def _find(rows: Sequence[Row], about: About) -> list[Found | None]:
    names = _post_names(about)
    for row in rows:
        row.values["username"] = account_rules.normal_username(row.get("username"))
        if row.get("phone"):
            row.values["phone"] = account_rules.normal_phone(row.get("phone")) or row.get("phone")
    users = {u.username: u for u in _user_model().objects.filter(username__in=[r.get("username") for r in rows])}
    held = _held([u.pk for u in users.values()], names, about.today)
    found: list[Found | None] = []
    for row in rows:
        user = users.get(row.get("username"))
        there = _found(user, held) if user else None
        row.data["user"] = user
        _settle_posts(row, names, there)
        found.append(there)
    return found


def _settle_posts(row: Row, names: PostNames, there: Found | None) -> None:
    """Bring posts into the one way in which they are named; what somebody holds already is no proposal."""
    texts = [t for t in row.get("posts").split("、") if t]
    posts = [names.find(t) for t in texts]
    held = [w for w in there.values["posts"].split("、") if w] if there else []
    row.data["unknown"] = [t for t, p in zip(texts, posts, strict=True) if p is None and t not in held]
    wanted = [names.words(p) if p else t for t, p in zip(texts, posts, strict=True)]
    fresh = [w for w in dict.fromkeys(wanted) if w not in held]
    if "posts" in row.values:
        row.values["posts"] = "、".join([*held, *fresh])
    if "since" in row.values and there is not None and not fresh:
        row.values["since"] = ""


def _check(rows: Sequence[Row], found: Sequence[Found | None], about: About) -> None:
    phones = _phones(rows)
    seen: dict[str, int] = {}
    for row, there in zip(rows, found, strict=True):
        for text in row.data.get("unknown", []):
            row.refuse("posts", _("没有“%(name)s”这个岗位，应写成“单位/岗位名称”。") % {"name": text})
        _check_phone(row, there, phones, seen)
        user = row.data.get("user")
        if user is None and there is None:
            _check_new(row)
        elif user is not None and user.kind != "staff":
            row.refuse("username", _("这是居民的账号，不能用于工作人员。"))
        elif user is not None and "phone" in row.data["differs"]:
            _check_way_in(row, user, about)


def _check_new(row: Row) -> None:
    try:
        accounts.check_username(row.get("username"))
    except DomainError as error:
        row.refuse("username", error.message)


def _check_way_in(row: Row, user: Any, about: About) -> None:
    try:
        account_permissions.check_way_in(about.by, user, about.now)
    except DomainError as error:
        row.refuse("phone", str(error))


def _phones(rows: Sequence[Row]) -> dict[str, int]:
    hashes = {accounts.phone_hash(r.get("phone")): r.get("phone") for r in rows if r.get("phone")}
    found = _user_model().objects.filter(phone_hash__in=list(hashes)).values_list("phone_hash", "pk")
    return {hashes[h]: pk for h, pk in found}


def _check_phone(row: Row, there: Found | None, phones: Mapping[str, int], seen: dict[str, int]) -> None:
    phone = row.get("phone")
    if not phone:
        return
    if not account_rules.normal_phone(phone):
        row.refuse("phone", _("请输入正确的手机号码。"))
    elif phones.get(phone, there.data if there else None) != (there.data if there else None) or phone in seen:
        row.refuse("phone", _("这个手机号已经有人使用。"))
    seen[phone] = row.line


def _create(rows: Sequence[Row], about: About) -> list[Made]:
    made = []
    for row in rows:
        user = accounts.create_user(
            username=row.get("username"), display_name=row.get("display_name"), phone=row.get("phone"), by=about.by,
            now=about.now,
        )  # fmt: skip
        made.append(Made(user.username, user.display_name))
    return made


def _change(pairs: Sequence[tuple[Row, Found]], about: About) -> None:
    named = []
    users = _user_model().objects.in_bulk([f.data for _r, f in pairs])
    for row, there in pairs:
        if "phone" in row.data["differs"]:
            accounts.set_phone(by=about.by, now=about.now, user=users[there.data], phone=row.values["phone"])
        if "display_name" in row.data["differs"]:
            _user_model().objects.filter(pk=there.data).update(display_name=row.values["display_name"])
            named.append((Row(row.line, row.values, data={"differs": ["display_name"]}), there))
    note_changes(about, "accounts.rename", "user", named, _PERSONAL)


def _load(refs: Sequence[str]) -> Mapping[str, Found]:
    found: dict[str, Found] = {}
    for begin in range(0, len(refs), _CHUNK):
        for user in _user_model().objects.filter(username__in=list(refs[begin : begin + _CHUNK])):
            found[user.username] = _found(user, {})
    return found


def _hanging(found: Sequence[Found], _about: About) -> list[Hang]:
    without = {"accounts.RecoveryCode", "accounts.Session"}
    hangs = pointing_at(_user_model(), found, without=without)
    acted = journal.acted([f.uuid for f in found if f.uuid])
    return hangs + [Hang(f.label, _("已经登录或办理过事项。")) for f in found if f.uuid in acted]


def _remove(found: Sequence[Found], about: About) -> None:
    ids = [f.data for f in found]
    users = _user_model()
    for relation in users._meta.related_objects:
        if relation.related_model._meta.label in {"accounts.RecoveryCode", "accounts.Session"}:
            delete_rows(relation.related_model, ids, by="user_id")
    delete_rows(users, ids)
    note_removed(about, "accounts.remove", "user", found, (*_PERSONAL, "posts"))


def _export(about: About) -> Iterator[Values]:
    names = PostNames()
    users = list(_user_model().objects.filter(kind="staff", is_active=True).order_by("username"))
    held = _held([u.pk for u in users], names, about.today)
    for user in users:
        yield _found(user, held).values


def _wanted(change: Change) -> list[str]:
    before = change.before.get("posts", "").split("、")
    return [w for w in change.after.get("posts", "").split("、") if w and w not in before]


def _lines(changes: Sequence[Change], _about: About) -> list[str]:
    found = []
    for change in changes:
        if wanted := _wanted(change):
            since = change.after.get("since", "")
            words = _("%(who)s：%(posts)s") % {"who": change.label, "posts": "、".join(wanted)}
            found.append(words + (_("（自 %(day)s）") % {"day": since} if since else ""))
    return found


def _appoint_all(changes: Sequence[Change], about: About) -> list[Hang]:
    names, hangs = PostNames(), []
    users = {u.username: u for u in _user_model().objects.filter(username__in=[c.ref for c in changes])}
    held = _held([u.pk for u in users.values()], names, about.today)
    for change in changes:
        user = users.get(change.ref)
        for text in _wanted(change):
            if user is None:
                hangs.append(Hang(change.label, _("账号已不存在。")))
            elif text not in held[user.pk] and (problem := _appoint(user.pk, names.find(text), change, about)):
                hangs.append(Hang(change.label, f"{text}：{problem}"))
    return hangs


def _appoint(user_id: int, post: Post | None, change: Change, about: About) -> str:
    if post is None:
        return _("没有这个岗位了。")
    since = change.after.get("since", "")
    try:
        with transaction.atomic():
            appoint(
                by=about.by, now=about.now, user_id=user_id, post=post,
                starts_on=date.fromisoformat(since) if since else about.today,
            )  # fmt: skip
    except DomainError as error:
        return str(error)
    return ""


def _may_appoint(by: Actor) -> bool:
    return permissions.can(by, "people:appoint")


PEOPLE = SheetKind(
    code="people",
    title=gettext_lazy("人员"),
    text=gettext_lazy("工作人员的账号；岗位先提出，由安全管理员确认后生效。"),
    icon="accessible",
    order=50,
    columns=COLUMNS,
    journal="user",
    key=lambda values: account_rules.normal_username(values.get("username", "")),
    find=_find,
    check=_check,
    create=_create,
    change=_change,
    load=_load,
    hanging=_hanging,
    remove=_remove,
    export=_export,
    may=may_administer,
    second=Second(
        title=gettext_lazy("确认任职"),
        text=gettext_lazy("系统管理员提出的任职，由安全管理员确认后生效；导入的人不能自己确认。"),
        may=_may_appoint,
        lines=_lines,
        do=_appoint_all,
    ),
)
