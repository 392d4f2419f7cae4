"""A fictional subdistrict, set up from the templates by its own people, up to its first closed case.

25 areas, 40 units, 300 people, 60 categories, 30 routing rules: in the browser, without code and without the
command line but for ``linli init``, which the technician runs.
"""

import io

import openpyxl
import pytest

from linli.engines.cases.models import Case, Category, RoutingRule
from linli.foundation.accounts.models import User
from linli.foundation.core import clock
from linli.foundation.people.models import Appointment, Post, Unit
from linli.foundation.places.models import Area
from linli.interfaces.cli.founding import found
from linli.interfaces.portal import committee
from tests.login import log_in
from tests.world import forget

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

STREET = "柳荫街道"
SECRET = "Yi-Ge-Xin-Mima-2026"
HOMES = [f"柳荫{side}{n}居民区" for side in "东西南北" for n in "一二三四五"]
GRIDS = ("东部综合网格", "西部综合网格", "南部综合网格", "北部综合网格")
AREAS = [
    *[
        {"区域编码": f"LY-G{n}", "区域名称": g, "区域类型": "综合网格", "上级区域": STREET}
        for n, g in enumerate(GRIDS, 1)
    ],
    *[
        {"区域编码": f"LY-{n:02}", "区域名称": h, "区域类型": "居民区", "上级区域": GRIDS[(n - 1) // 5]}
        for n, h in enumerate(HOMES, 1)
    ],
]
OFFICES = [
    ("柳荫城运中心", "街道城运中心"), ("柳荫城管中队", "城管"), ("柳荫派出所", "公安"), ("柳荫市场所", "市场监管"),
    ("柳荫房管办", "房管"), ("社区管理办", "科室"), ("社区平安办", "科室"), ("社区服务办", "科室"), ("党政办", "科室"),
    ("柳荫党支部", "党支部"), *[(f"柳荫第{n}物业", "物业服务企业") for n in "一二三四五六七八"],
    ("柳荫保洁公司", "外包单位"),
]  # fmt: skip
UNITS = [
    *[{"单位名称": name, "单位类型": kind, "负责区域": STREET} for name, kind in OFFICES],
    *[{"单位名称": f"{h.removesuffix('居民区')}居委会", "单位类型": "居委会", "负责区域": h} for h in HOMES],
    {"单位名称": "柳荫商圈党支部", "单位类型": "党支部", "负责区域": STREET},
]
CENTRE = (("派单员", "派单员"), ("值班长", "值班长"), ("网格监督员", "监督员"))
POSTS = [
    *[{"单位": "柳荫城运中心", "角色": role, "岗位名称": title, "负责区域": STREET if role == "网格监督员" else ""}
      for role, title in CENTRE],
    *[{"单位": name, "角色": "物业/外包单位" if "物业" in kind or "外包" in kind else "承办人", "岗位名称": "经办"}
      for name, kind in OFFICES[1:]],
    *[{"单位": u["单位名称"], "角色": "居民区书记", "岗位名称": "书记"} for u in UNITS if u["单位类型"] == "居委会"],
    *[{"单位": u["单位名称"], "角色": "社区工作者", "岗位名称": "社工"} for u in UNITS if u["单位类型"] == "居委会"],
]  # fmt: skip
PLACES = [
    {"名称": f"{h.removesuffix('居民区')}小区", "类型": "小区", "地址": f"柳荫路{n}00弄", "所属区域": h}
    for n, h in enumerate(HOMES, 1)
]
GROUPS = [{"分类代码": f"ly{g}", "分类名称": f"柳荫大类{g}"} for g in range(1, 7)]
CATEGORIES = GROUPS + [
    {
        "分类代码": f"ly{n % 6 + 1}{n:02}",
        "分类名称": f"柳荫小类{n}",
        "上级分类代码": f"ly{n % 6 + 1}",
        "近义词": f"柳荫事{n}",
    }
    for n in range(1, 55)
]
RULES = [
    {"规则名称": f"柳荫规则{n}", "分类": f"柳荫小类{n}", "承办单位": "柳荫城管中队" if n % 2 else "社区管理办"}
    for n in range(1, 31)
]


def _people():
    titles = [f"{p['单位']}/{p['岗位名称']}" for p in POSTS]
    return [{"账号": f"ly{n:03}", "姓名": f"柳荫职员{n}", "岗位": titles[n % len(titles)]} for n in range(300)]


class Office:
    """One administrator at a browser of their own."""

    def __init__(self, browser, url, login, password):
        self.page = browser.new_context(base_url=url, locale="zh-CN", timezone_id="Asia/Shanghai").new_page()
        self.page.set_default_timeout(90_000)
        self.page.goto("/login/")
        self.page.fill("input[name=username]", login)
        self.page.fill("input[name=password]", password)
        self.page.locator("main button.btn-primary").first.click()
        self.page.wait_for_url("**/account/password/")
        for name, value in (("old", password), ("new", SECRET), ("again", SECRET)):
            self.page.fill(f"input[name={name}]", value)
        self.page.locator("main button.btn-primary").first.click()
        self.page.wait_for_url(lambda url: "password" not in url)

    def bring(self, kind, rows):
        """Fill the template in, upload it, look at the check, bring it in; return the address of the import."""
        page = self.page
        page.goto("/console/sheets/")
        with page.expect_download() as download:
            page.locator(f"a[href='/console/sheets/{kind}/template.xlsx']").click()
        book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
        table = book.worksheets[0]
        heads = [c.value for c in table[1]]
        for at, row in enumerate(rows, start=3):
            for head, value in row.items():
                table.cell(at, heads.index(head) + 1).value = value
        out = io.BytesIO()
        book.save(out)
        page.goto(f"/console/sheets/{kind}/import/")
        kept = {"name": f"{kind}.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": out.getvalue()}
        page.set_input_files("input[type=file]", kept)
        page.get_by_role("button", name="上传并检查").click()
        page.get_by_role("heading", name="检查结果（还没有写入）").wait_for()
        button = page.get_by_role("button", name=f"导入这 {len(rows)} 行")
        assert button.count() == 1, page.inner_text("main")[:1500]
        button.click()
        page.get_by_role("heading", name="导入完成").wait_for()
        return page.url

    def confirm(self, address):
        """Confirm, as a second person, what another's import proposes."""
        page = self.page
        page.goto(address)
        act, done = page.locator("form[action$='/confirm/'] button"), page.get_by_text("已确认生效。")
        act.click()
        page.locator("input[name=password]").or_(done).first.wait_for()
        if page.locator("input[name=password]").count():
            page.fill("input[name=password]", SECRET)
            page.locator("main button.btn-primary").first.click()
            act.or_(done).first.wait_for()
            if act.count():
                act.first.click()
        done.wait_for()


@pytest.fixture
def desks(browser, live_server):
    """Return how an administrator sits down at a browser of their own; all are left at the end."""
    sat = []

    def sit(login, password):
        sat.append(Office(browser, live_server.url, login, password))
        return sat[-1]

    yield sit
    for office in sat:
        office.page.context.close()


@pytest.fixture
def empty(transactional_db):
    """Return the administrators' first passwords of an installation that was empty."""
    forget()
    committee.forget()
    yield {login: password for _role, login, password in found(clock.now())}
    forget()
    committee.forget()


def member(title):
    user = Appointment.objects.filter(post__title=title).order_by("id").first().user
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    return user


def test_a_subdistrict_is_set_up_in_a_day_by_its_own_people(empty, desks, browser, live_server, client):
    system = desks("xitong", empty["xitong"])
    page = system.page
    page.goto("/console/setup/")
    page.get_by_role("link", name="填写名称").click()
    page.fill("input[name=name]", STREET)
    page.fill("input[name=code]", "LY")
    page.get_by_role("button", name="建立").click()
    page.wait_for_url("**/console/setup/")

    system.bring("areas", AREAS)
    system.bring("places", PLACES)
    system.bring("units", UNITS)
    system.bring("posts", POSTS)
    address = system.bring("people", _people())
    system.bring("categories", CATEGORIES)
    system.bring("routing", RULES)
    assert (Area.objects.count(), Unit.objects.count()) == (25, 41)  # the office that holds the administrators too
    assert Category.objects.filter(code__startswith="ly").count() == 60
    assert RoutingRule.objects.filter(name__startswith="柳荫规则").count() == 30
    assert User.objects.filter(username__startswith="ly").count() == 300
    assert not Appointment.objects.filter(user__username__startswith="ly").exists()

    desks("anquan", empty["anquan"]).confirm(address)
    assert Appointment.objects.filter(user__username__startswith="ly").count() == 300
    assert Post.objects.filter(appointments=None).count() == 0

    page.goto("/console/setup/")
    assert page.locator("li.setup__step.is-done").count() >= 6, page.inner_text("main")
    page.goto("/console/setup/open/")
    assert "开放前还缺" not in page.inner_text("main")
    page.fill("input[name=reason]", "设置完成")
    page.get_by_role("button", name="开放").click()
    page.get_by_text("居民门户已开放，居民可以反映问题。").wait_for()

    number = report(browser, live_server.url)
    close(client, number)
    case = Case.objects.get(number=number)
    assert case.state == "closed"
    assert case.category.name == "柳荫小类7"
    assert case.area.name == HOMES[2]
    page.goto("/console/setup/")
    assert "已有办结的案件" in page.inner_text("main")


def report(browser, url):
    """Report a problem as a resident on a phone; return its number."""
    phone = browser.new_context(base_url=url, locale="zh-CN", viewport={"width": 390, "height": 844}).new_page()
    phone.goto("/")
    phone.click("text=我要反映")
    phone.fill("textarea[name=text]", "楼下的柳荫事7又来了，影响出入")
    phone.locator("#suggestions label", has_text="柳荫小类7").click()
    phone.fill("input[name=address]", "柳荫路300弄")
    phone.click("text=下一步：核对并提交")
    phone.locator(".btn-primary", has_text="提交").click()
    phone.wait_for_selector(".receipt__code")
    phone.context.close()
    return Case.objects.get().number


def close(client, number):
    """Take the case from its acceptance to its end, each act by the person in that post."""

    def act(who, verb, **data):
        case = Case.objects.get(number=number)
        log_in(client, member(who))
        answer = client.post(f"/desk/cases/{number}/act/{verb}/", {"expected": case.version, **data})
        assert answer.status_code == 302, f"{verb}: {answer.content.decode()[:3000]}"

    if Case.objects.get(number=number).state == "reported":
        act("派单员", "accept")
    case = Case.objects.get(number=number)
    unit = Unit.objects.get(name="柳荫城管中队")
    act("派单员", "dispatch", unit=unit.pk)
    assert Case.objects.get(number=number).unit_id == unit.pk, case.state
    handler = Appointment.objects.filter(post__unit=unit).first().user
    User.objects.filter(pk=handler.pk).update(must_change_password=False)

    def work(verb, **data):
        case = Case.objects.get(number=number)
        log_in(client, handler)
        answer = client.post(f"/desk/cases/{number}/act/{verb}/", {"expected": case.version, **data})
        assert answer.status_code == 302, f"{verb}: {answer.content.decode()[:3000]}"

    work("sign")
    work("arrive", text="已到现场")
    work("hand_in", text="已劝离并清理", outcome="explained")
    act("监督员", "check", passed="yes", text="现场已恢复")
    act("派单员", "reply", way="phone", text="已办好", result="reached")
    act("派单员", "close")
