from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.apps import apps

from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import InvalidError, NotFoundError
from linli.foundation.forms import selectors, services
from linli.foundation.forms.models import Form, FormVersion
from linli.foundation.forms.tests.whole import form, group, q

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)


def questions(*codes):
    return {"questions": [{"code": c, "type": "text", "label": {"zh-hans": c}} for c in codes]}


def save(*codes, title="检查表"):
    return services.save_form(by=SYSTEM, now=NOW, code="check", title=title, questions=questions(*codes))


def test_a_version_changes_until_it_is_used_and_then_never():
    assert save("a").number == 1
    assert save("a", "b").number == 1
    assert FormVersion.objects.count() == 1
    assert services.use(by=SYSTEM, now=NOW, code="check").frozen_at == NOW
    assert services.use(by=SYSTEM, now=NOW, code="check").frozen_at == NOW
    assert save("c").number == 2
    assert [q.code for q in selectors.question_set("check", 1).questions] == ["a", "b"]
    assert [q.code for q in selectors.question_set("check").questions] == ["c"]
    assert selectors.question_set("check").version == 2


def test_bad_questions_write_nothing():
    with pytest.raises(InvalidError, match="1x"):
        save("1x")
    assert not Form.objects.exists()


def test_unknown_forms_are_not_found():
    with pytest.raises(NotFoundError):
        selectors.version("none")


def test_whole_forms_have_versions_and_old_sets_are_read_as_forms():
    save("a")
    services.use(by=SYSTEM, now=NOW, code="check")
    whole = form(group("g", q("b")), q("c", relevant="${b} = 1"), title="检查表")
    second = services.save_whole_form(by=SYSTEM, now=NOW, code="check", form=whole)
    assert (second.number, second.questions["schema"]) == (2, 2)
    assert selectors.whole_form("check") == replace(whole, version=2)
    assert [item.code for item in selectors.whole_form("check", 1).items] == ["a"]
    services.use(by=SYSTEM, now=NOW, code="check")
    assert services.save_whole_form(by=SYSTEM, now=NOW, code="check", form=whole).number == 2
    third = services.save_whole_form(by=SYSTEM, now=NOW, code="check", form=replace(whole, items=whole.items[:1]))
    assert third.number == 3
    assert selectors.whole_form("check", 2) == replace(whole, version=2)


def test_a_whole_form_with_problems_writes_nothing_and_says_them_all():
    with pytest.raises(InvalidError, match="a → b → a") as caught:
        services.save_whole_form(
            by=SYSTEM, now=NOW, code="c", form=form(q("a", relevant="${b}"), q("b", relevant="${a}"))
        )
    assert set(caught.value.fields) == {"a"}
    assert not Form.objects.exists()


def test_forms_that_programmes_knew_by_their_codes_get_the_purpose_by_which_they_are_offered():
    move = import_module("linli.foundation.forms.migrations.0003_purposes")
    given = {
        "visit_condolence": ("visit", 1), "rent_check": ("housing", 1), "house_safety": ("housing", 1),
        "experience": ("supervision", 1), "visit_household": ("visit", 1), "rent_zero": ("housing", 1),
        "visit.demo": ("", 0), "street.patrol": ("", 0), "housing.check": ("", 0), "building.safety": ("", 0),
        "visit.condolence": ("", 0), "experience.shop": ("", 0), "survey.civility": ("", 0), "target.shop": ("", 0),
    }  # fmt: skip
    for code, (kind, shipped) in given.items():
        Form.objects.create(code=code, title=code, kind=kind, shipped=shipped)
    own = Form.objects.create(code="house_safety2", title="x", kind="housing")
    move._finer(apps, None)
    own.refresh_from_db()
    assert own.kind == "housing"
    assert {code: Form.objects.get(code=code).kind for code in given} == {
        "visit_condolence": "condolence", "rent_check": "shared_flat", "house_safety": "building_safety",
        "experience": "experience", "visit_household": "visit", "rent_zero": "housing", "visit.demo": "visit",
        "street.patrol": "patrol", "housing.check": "shared_flat", "building.safety": "building_safety",
        "visit.condolence": "condolence", "experience.shop": "experience", "survey.civility": "survey",
        "target.shop": "",
    }  # fmt: skip
    move._coarser(apps, None)
    assert set(Form.objects.values_list("kind", flat=True)) <= {
        "",
        "visit",
        "housing",
        "supervision",
        "patrol",
        "survey",
    }


def test_a_form_is_offered_for_its_purpose_once_it_is_published():
    services.save_form(by=SYSTEM, now=NOW, code="mine", title="我的走访", questions=questions("a"), kind="visit")
    services.adopt_forms(by=SYSTEM, now=NOW, codes=["visit_shop", "visit_condolence"])
    services.new_form(by=SYSTEM, now=NOW, code="later", title="草稿", kind="visit")
    assert selectors.made_for("visit") == [("visit_shop", "商户走访"), ("mine", "我的走访")]
    assert selectors.made_for("condolence", "experience") == [("visit_condolence", "慰问")]
