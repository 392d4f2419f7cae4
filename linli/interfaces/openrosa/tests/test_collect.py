"""ODK Collect as a client: forms down, records with pictures up, through the real doors."""

import csv
import hashlib
import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest

from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Finding, Kind, Part, Round, Submission, SubmissionFile, Target, Visit
from linli.engines.fieldwork.tests.sent import scene
from linli.engines.fieldwork.types import KindData
from linli.foundation.accounts import services as accounts
from linli.foundation.core import clock
from linli.foundation.core.errors import InvalidError
from linli.foundation.forms import services as forms
from linli.foundation.forms.models import FormVersion
from linli.foundation.forms.tests.whole import Q, form, q
from linli.foundation.forms.types import Choice
from linli.foundation.journal.models import Entry
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.interfaces.openrosa.tests.collect import Phone, record
from tests.login import confirm, log_in

pytestmark = pytest.mark.django_db
AT = "2026-03-10T09:58:00.000+08:00"


@pytest.fixture
def s(world):
    with clock.frozen(world.now):
        made = scene(world)
        version = forms.use(by=world.actor("xitong"), now=world.now, code="shop_check")
        Round.objects.update(form_version=version)
        made.round.refresh_from_db()
        yield made


def phone(s, who="chengguan", name="手机"):
    user = s.world.users[who]
    _row, secret = accounts.create_app_password(
        by=s.world.actor(who), now=s.world.now, user=user, name=name, scope="openrosa"
    )
    return Phone(who, secret)


GOOD = "<keeper/><size>35.5</size><memo/><order><goods>good</goods></order><wires/><smoke/>"


def test_the_list_names_the_rounds_of_this_person_and_every_address_answers(s):
    p = phone(s)
    (form,) = p.forms()
    assert form["name"] == "门店检查"
    assert form["formID"] == f"linli-{s.round.uuid}"
    xml = p.get(form["downloadUrl"])
    assert form["hash"] == f"md5:{hashlib.md5(xml.content).hexdigest()}"
    assert xml.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert xml.headers["X-OpenRosa-Version"] == "1.0"
    assert f'version="{form["version"]}"' in xml.content.decode()
    (file,) = p.media(form)
    assert file["filename"] == "linli_targets.csv"
    assert 'src="jr://file-csv/linli_targets.csv"' in xml.content.decode()
    content = p.get(file["downloadUrl"]).content
    assert file["hash"] == f"md5:{hashlib.md5(content).hexdigest()}"
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert [r["name"] for r in rows] == [str(v.uuid) for v in s.visits]
    assert rows[0]["label"] == "小店1 · 长宁路 488 弄"
    # Who takes no part sees an empty list, not somebody else's round.
    assert phone(s, "jumin").forms() == []
    assert phone(s, "jumin", "二").get(form["downloadUrl"]).status == 404


def test_what_the_ledger_knows_comes_with_the_list_and_fills_the_form(s):
    Target.objects.filter(pk=s.shops[0].pk).update(facts={"size": "35.5"}, lat=31.22, lon=121.41)
    asked = {"questions": [{"code": "size", "type": "decimal", "label": {"zh-hans": "面积"}}]}
    fields = forms.save_form(by=s.world.actor("xitong"), now=s.world.now, code="k", title="k", questions=asked).form
    Kind.objects.filter(pk=s.kind.pk).update(fields=fields)
    p = phone(s)
    (form,) = p.forms()
    row = next(csv.DictReader(io.StringIO(p.get(p.media(form)[0]["downloadUrl"]).content.decode())))
    assert (row["fact_size"], row["geometry"]) == ("35.5", "31.22 121.41 0 0")
    xml = p.get(form["downloadUrl"]).content.decode()
    assert "xforms-value-changed" in xml
    assert re.search(r"instance\('linli_targets'\)/root.item\[name = +.data.linli_visit +\].fact_size", xml)


PICTURED = form(
    q("state", Q.CHOICE, list="states", media={"image": {"zh-hans": "how.png"}}),
    form_id="shop_check",
    lists={"states": (Choice("good", {"zh-hans": "好"}, media={"image": {"zh-hans": "好的 & 1.png"}}),
                      Choice("bad", {"zh-hans": "差"}, media={"image": {"zh-hans": "bad.png"}}))},
)  # fmt: skip


def test_the_pictures_of_questions_and_choices_come_with_the_form_for_who_may_fill_it(s):
    by = s.world.actor("xitong")
    version = forms.save_whole_form(by=by, now=s.world.now, code="shop_check", form=PICTURED)
    Round.objects.update(form_version=version)
    for n, name in enumerate(("how.png", "好的 & 1.png")):
        content = draw_picture(800 + n, "after")
        services.keep_media(by=by, now=s.world.now, code="shop_check", name=name, content=content, sent="a.jpg")
    with pytest.raises(InvalidError, match="没有用到"):
        services.keep_media(by=by, now=s.world.now, code="shop_check", name="x.png", content=content, sent="a.jpg")
    p = phone(s)
    (listed,) = p.forms()
    files = {m["filename"]: m for m in p.media(listed)}
    assert list(files) == ["linli_targets.csv", "how.png", "好的 & 1.png"]  # bad.png has no file yet
    assert "jr://images/how.png" in p.get(listed["downloadUrl"]).content.decode()
    for name in ("how.png", "好的 & 1.png"):
        answer = p.get(files[name]["downloadUrl"])
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert files[name]["hash"] == f"md5:{hashlib.md5(answer.content).hexdigest()}"
    gone = files["how.png"]["downloadUrl"].replace("how.png", "bad.png")
    assert p.get(gone).status == 404
    other = phone(s, "jumin")
    assert other.get(files["how.png"]["downloadUrl"]).status == 404
    # Another picture under the name: a client sees by the hash that it has to fetch it anew.
    content = draw_picture(820, "after")
    services.keep_media(by=by, now=s.world.now, code="shop_check", name="how.png", content=content, sent="a.jpg")
    again = {m["filename"]: m for m in p.media(listed)}
    assert again["how.png"]["hash"] != files["how.png"]["hash"]


def test_a_record_with_pictures_in_several_parts_comes_in_once(s):
    p = phone(s)
    (form,) = p.forms()
    pictures = [(f"177310{n}.jpg", draw_picture(700 + n, "after")) for n in range(3)]
    body = GOOD + "".join(f"<shot{'' if n == 0 else f'_{n + 1}'}>{name}</shot{'' if n == 0 else f'_{n + 1}'}>"
                          for n, (name, _c) in enumerate(pictures))  # fmt: skip
    xml = record(form, s.visits[0].uuid, body, at=AT)
    first = p.send(xml, pictures, at_once=1)
    assert [a.status for a in first] == [202, 202, 201]
    assert "记录已收到" in first[-1].message
    row = Submission.objects.get()
    assert (row.visit_id, row.user.username, row.answers["size"]) == (s.visits[0].pk, "chengguan", "35.5")
    assert SubmissionFile.objects.filter(submission=row, path="shot").count() == 3
    assert Visit.objects.get(pk=s.visits[0].pk).state == "done"
    # The answer was lost: all of it is sent once more.
    again = p.send(xml, pictures)
    assert (again[-1].status, "没有重复计入" in again[-1].message) == (201, True)
    assert Submission.objects.count() == 1
    assert Round.objects.get().done == 1
    assert row.made_at.isoformat() == "2026-03-10T01:58:00+00:00"


def test_a_correction_names_the_former_record(s):
    p = phone(s)
    (form,) = p.forms()
    one = f"uuid:{uuid4()}"
    p.send(record(form, s.visits[0].uuid, GOOD, at=AT, instanceID=one))
    changed = GOOD.replace("35.5", "36")
    (answer,) = p.send(record(form, s.visits[0].uuid, changed, at=AT, deprecatedID=one))
    assert answer.status == 201
    assert Submission.objects.get(state="replaced").correction.answers["size"] == "36"
    (third,) = p.send(record(form, s.visits[0].uuid, GOOD, at=AT, deprecatedID=one))
    assert (third.status, "已经有一次更正" in third.message) == (409, True)


def test_a_finding_is_told_and_followed_up(s):
    p = phone(s)
    (form,) = p.forms()
    body = GOOD.replace("<smoke/>", "<smoke>yes</smoke>")
    (answer,) = p.send(record(form, s.visits[0].uuid, body, at=AT))
    assert "发现问题 1 个" in answer.message
    assert Finding.objects.get().item == "smoke"


def test_the_door_opens_by_app_password_alone(s):
    p = phone(s)
    assert p.head().headers["Location"] == "https://testserver/openrosa/submission"
    assert int(p.head().headers["X-OpenRosa-Accept-Content-Length"]) == 50_000_000
    nobody = Phone("chengguan", "").get("/openrosa/formList")
    assert (nobody.status, nobody.headers["WWW-Authenticate"]) == (
        401, 'Basic realm="Linli OpenRosa", charset="UTF-8"',
    )  # fmt: skip
    assert "应用密码" in nobody.message
    assert Phone("chengguan", s.world.password).get("/openrosa/formList").status == 401
    assert Phone("zhiban", p.secret).get("/openrosa/formList").status == 401
    # Typed in capitals and with blanks it is the same.
    assert Phone("chengguan", p.secret.upper().replace("-", " ")).get("/openrosa/formList").status == 200
    plain = Phone("chengguan", p.secret, safe=False)
    plain.client.defaults["REMOTE_ADDR"] = "10.1.2.3"
    refused = plain.get("/openrosa/formList")
    assert (refused.status, "https" in refused.message) == (403, True)
    user = s.world.users["chengguan"]
    row = user.app_passwords.get()
    accounts.revoke_app_password(by=s.world.actor("chengguan"), now=s.world.now, user=user, handle=str(row.uuid))
    assert p.get("/openrosa/formList").status == 401


def test_guessing_is_held_up_and_locks_nobody_out(s):
    p = phone(s)
    statuses = [Phone("chengguan", f"guess-{n}").get("/openrosa/formList").status for n in range(7)]
    assert statuses[:4] == [401] * 4
    assert 429 in statuses
    assert p.get("/openrosa/formList").status == 200
    accounts.authenticate(username="chengguan", password=s.world.password, address="1.2.3.4", now=s.world.now)


def test_what_cannot_be_taken_is_said_and_leaves_nothing_behind(s):
    p = phone(s)
    (form,) = p.forms()
    good = record(form, s.visits[0].uuid, GOOD, at=AT)
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + good.split("\n", 1)[1].replace(
        "35.5", "&b;"
    )
    outside = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + good.split("\n", 1)[1].replace("35.5", "&e;")
    gbk = good.replace('version="1.0" ', 'version="1.0" encoding="GBK"').encode("gbk", "replace")
    other_form = good.replace(form["formID"], "shop_check")
    for bad, status, said in [
        (bomb, 422, "不是可以读取的 XML"), (outside, 422, "不是可以读取的 XML"), (gbk, 422, "编码不是 UTF-8"),
        ("<data", 422, "不是可以读取的 XML"), (b"\xff\xfe\x00", 422, "XML"), (other_form, 404, "不是从本系统取得"),
        (good.replace(form["version"], "9-abcdef"), 404, "第 9 版"),
        (good.replace(form["version"], "neu"), 404, "版本"),
        (good.replace(str(s.round.uuid), str(uuid4())), 404, "没有这一轮"),
        (record(form, uuid4(), GOOD, at=AT), 404, "没有这次走访"),
        (record(form, "店1", GOOD, at=AT), 422, "走访对象"),
        (record(form, s.visits[0].uuid, GOOD, at=AT, instanceID="7"), 422, "instanceID"),
        (record(form, s.visits[0].uuid, GOOD, at="gestern"), 422, "没有填写完成的时间"),
        (record(form, s.visits[0].uuid, "<order><goods>maybe</goods></order>", at=AT), 422, "跨门经营"),
        (record(form, s.visits[0].uuid, GOOD + "<shot>weg.jpg</shot>", at=AT), 422, "还缺 1 个附件：weg.jpg"),
    ]:  # fmt: skip
        (answer,) = p.send(bad)
        assert (answer.status, said in answer.message) == (status, True), answer.message
    assert not Submission.objects.exists()
    assert Round.objects.get().done == 0
    assert p.post(b"--x--\r\n").status == 400
    assert p.post(b"{}", kind="application/json").status == 400


def test_pictures_that_are_none_or_too_big_are_named(s):
    p = phone(s)
    (form,) = p.forms()
    xml = record(form, s.visits[0].uuid, GOOD + "<shot>a.jpg</shot>", at=AT)
    for content in (b"MZ not a picture", b"%PDF-1.4 paper", b"<svg xmlns='x'><script/></svg>", b""):
        (answer,) = p.send(xml, [("a.jpg", content)])
        assert answer.status == 422, answer.message
        assert "a.jpg" in answer.message or "照片" in answer.message
    assert not Submission.objects.exists()
    # The same record with a real picture comes in.
    (answer,) = p.send(xml, [("a.jpg", draw_picture(77, "after")), ("../../etc/passwd", b"stray")])
    assert answer.status == 201
    assert SubmissionFile.objects.count() == 1
    assert Part.objects.count() == 1


def test_of_another_grid_retired_versions_other_content_and_closed_rounds(s):
    p, stranger = phone(s), phone(s, "wuye")
    (form,) = p.forms()
    one = f"uuid:{uuid4()}"
    assert p.send(record(form, s.visits[0].uuid, GOOD, at=AT, instanceID=one))[0].status == 201
    (other,) = p.send(record(form, s.visits[0].uuid, GOOD.replace("35.5", "99"), at=AT, instanceID=one))
    assert (other.status, "内容与这次提交的不同" in other.message) == (409, True)
    (foreign,) = stranger.send(record(form, s.visits[1].uuid, GOOD, at=AT))
    assert (foreign.status, "不在您的网格内" in foreign.message) == (403, True)
    number = s.round.form_version.number
    ahead = record(form, s.visits[1].uuid, GOOD, at="2027-05-01T08:00:00+08:00")
    (noted,) = p.send(ahead)
    assert (noted.status, "填写时间在将来" in noted.message) == (201, True)
    newer = FormVersion.objects.create(
        form=s.round.form, number=number + 1, questions=s.round.form_version.questions, created_at=s.world.now
    )
    Round.objects.update(form_version=newer)
    (retired,) = p.send(record(form, s.visits[2].uuid, GOOD, at=AT))
    assert (retired.status, "停用" in retired.message) == (409, True)
    Round.objects.update(state="dropped")
    (dropped,) = p.send(record(form, s.visits[2].uuid, GOOD, at=AT))
    assert (dropped.status, "已取消" in dropped.message) == (409, True)
    assert p.forms() == []


def test_households_are_never_carried(s):
    data = KindData(s.kind.code, s.kind.name, guarded=True)
    services.save_kind(by=s.world.actor("xitong"), now=s.world.now, data=data, expected=s.kind.version)
    assert phone(s).forms() == []


def test_an_app_password_is_made_shown_once_and_revoked_on_the_account_page(s, client):
    user = s.world.users["chengguan"]
    confirm(log_in(client, user), s.world.now)
    empty = client.get("/account/devices/").content.decode()
    assert "还没有应用密码" in empty
    made = client.post("/account/devices/", {"name": "值班手机"}).content.decode()
    (secret,) = re.findall(r'id="secret">([^<]+)<', made)
    assert "openrosa" in made
    assert Phone("chengguan", secret).get("/openrosa/formList").status == 200
    again = client.get("/account/devices/").content.decode()
    assert ("值班手机" in again, secret in again) == (True, False)
    refused = client.post("/account/devices/", {"name": "值班手机"})
    assert (refused.status_code, "已有同名的设备" in refused.content.decode()) == (422, True)
    row = user.app_passwords.get()
    assert secret.replace("-", "") not in row.secret_hash
    client.post("/account/devices/revoke/", {"handle": str(row.uuid)})
    assert Phone("chengguan", secret).get("/openrosa/formList").status == 401
    verbs = Entry.objects.filter(verb__startswith="accounts.").values_list("verb", flat=True)
    assert {"accounts.create_app_password", "accounts.revoke_app_password", "accounts.login_failed"} <= set(verbs)
    # Another person's password is not there to be revoked.
    other = phone(s, "wuye")
    client.post("/account/devices/revoke/", {"handle": str(s.world.users["wuye"].app_passwords.get().uuid)})
    assert other.get("/openrosa/formList").status == 200


def test_a_round_of_two_hundred_visits_is_carried_in_few_statements(s, django_assert_max_num_queries):
    Visit.objects.bulk_create(
        Visit(round=s.round, target=s.shops[0], occasion=s.world.now.date() - timedelta(days=n), due_on=s.world.now,
              unit=s.round.unit, area_path=s.shops[0].area_path)
        for n in range(1, 201)
    )  # fmt: skip
    p = phone(s)
    (form,) = p.forms()
    with django_assert_max_num_queries(16):
        content = p.get(p.media(form)[0]["downloadUrl"]).content.decode()
    assert content.count("\n") == 204
