# ruff: noqa: E501
import io
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree  # type: ignore[import-untyped]

from linli.foundation.forms import rules, services
from linli.foundation.forms.tests.whole import MOMENT, Q, choices, form, forms, group, q, repeat, zh
from linli.foundation.forms.types import Choice

SURVEY = [["type", "name", "label"], ["text", "a", "甲"]]
XF = "{http://www.w3.org/2002/xforms}"


def book(survey=None, choices=None, settings=None, **more):
    found = openpyxl.Workbook()
    del found["Sheet"]
    sheets = {"survey": survey, "choices": choices, "settings": settings, **more}
    for name, rows in sheets.items():
        if rows is not None:
            sheet = found.create_sheet(name)
            for row in rows:
                sheet.append(row)
    target = io.BytesIO()
    found.save(target)
    return target.getvalue()


def refused(content, name="表.xlsx"):
    with pytest.raises(services.BadSheetError) as caught:
        services.import_xlsform(content, name)
    return caught.value.faults


def one_fault(*survey, **more):
    (fault,) = refused(book(survey=[["type", "name", "label", "relevant", "constraint"], *survey], **more))
    return fault


@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
@given(forms())
def test_any_form_goes_out_and_comes_back_the_same_and_pyxform_takes_it(whole):
    assert rules.problems(whole) == []
    content = services.export_xlsform(whole)
    back = services.import_xlsform(content, "form1.xlsx").form
    assert back == whole
    assert rules.read_form(rules.write_form(whole)) == whole
    etree.fromstring(services.to_xform(back).encode())


@pytest.mark.slow
@settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None)
@given(forms())
def test_what_is_exported_is_taken_by_pyxform_as_a_file_too(whole):
    from pyxform.xls2xform import convert

    xform = convert(services.export_xlsform(whole), file_type=".xlsx").xform
    assert etree.fromstring(xform.encode()).find(f".//{XF}instance") is not None


def test_the_xform_has_what_an_openrosa_client_needs():
    whole = form(
        q("n", Q.INTEGER, required=True, constraint=". < 10", constraint_message=zh("太多")),
        repeat("room", q("area", Q.DECIMAL), count="${n}"),
        q("total", Q.CALCULATE, calculation="sum(${area})"),
        q("ok", Q.YES_NO, relevant="${total} > 5"),
        lists={},
    )
    tree = etree.fromstring(services.to_xform(whole).encode())
    binds = {b.get("nodeset"): b for b in tree.iter(f"{XF}bind")}
    assert binds["/data/n"].get("required") == "true()"
    assert binds["/data/n"].get("constraint") == ". < 10"
    assert binds["/data/total"].get("calculate").replace(" ", "") == "sum(/data/room/area)"
    assert tree.find(f".//{XF}repeat").get("nodeset") == "/data/room"
    assert "check" in {e.get("id") for e in tree.iter(f"{XF}data")}


def test_a_form_of_odk_comes_in_with_notes_of_what_was_left_out():
    content = book(
        survey=[
            [
                "type",
                "name",
                "label::English (en)",
                "label::中文",
                "required",
                "calculation",
                "choice_filter",
                "Relevance",
            ],
            ["deviceid", "device", None, None],
            ["start", "start"],
            ["begin group", "g", "Group", "组"],
            ["select_one district or_other", "district", "District", "区", "yes"],
            ["select_one street", "street", "Street", "街道", "${district} != ''", None, "district=${district}"],
            ["end group"],
            ["begin_repeat", "person", "Person", "人"],
            ["integer", "age", "Age", "年龄"],
            ["end_repeat"],
            ["calculate", "oldest", None, None, None, "max(${age})"],
            ["note", "thanks", "Thanks", "谢谢", None, None, None, "${oldest} > 60"],
        ],
        choices=[
            ["list_name", "name", "label::English (en)", "label::中文", "district"],
            ["district", 1, "Changning", "长宁"],
            ["street", "hy", "Huayang", "华阳路", 1],
        ],
        settings=[["form_title", "default_language"], ["普查", "English (en)"]],
    )
    found = services.import_xlsform(content, "census.xlsx")
    whole = found.form
    assert whole.settings.title == "普查"
    assert whole.settings.form_id == "census"
    assert whole.settings.default_language == "en"
    assert [c.code for c in whole.lists["district"]] == ["1", "other"]
    assert whole.lists["street"][0] == Choice("hy", {"en": "Huayang", "zh-hans": "华阳路"}, columns={"district": "1"})
    assert any("deviceid" in n.message and n.row == 2 for n in found.notes)
    checked = rules.check_form(
        whole, {"g": {"district": "1", "street": "hy"}, "person": [{"age": 30}, {"age": 71}]}, moment=MOMENT
    )
    assert checked.errors == {}
    assert checked.cleaned["oldest"] == "71"
    wrong = rules.check_form(whole, {"g": {"district": "other", "street": "hy"}}, moment=MOMENT)
    assert set(wrong.errors) == {"g/street"}


def test_a_workbook_of_kobo_comes_in():
    content = book(
        survey=[
            ["type", "name", "label", "required", "$xpath", "kobo--locking-profile", "appearance"],
            ["start", "start", None, None, "start"],
            ["username", "username"],
            ["select_one kind", "kind", "哪一类", "true", "kind", None, "minimal"],
            ["begin_group", "more", "更多"],
            ["text", "what", "说明", "false", "more/what"],
            ["end_group"],
        ],
        choices=[["list_name", "name", "label", "$kuid", "$autovalue"], ["kind", "a", "甲", "x1", "a"]],
        settings=[["style", "id_string", "allow_choice_duplicates"], ["pages", "aXy12", "yes"]],
    )
    found = services.import_xlsform(content, "kobo.xlsx")
    assert [i.code for i in found.form.items] == ["start", "kind", "more"]
    assert found.form.items[1].required
    assert found.form.settings.form_id == "aXy12"
    assert {n.column for n in found.notes} == {
        "type (A)", "$xpath (E)", "$kuid (D)", "$autovalue (E)", "allow_choice_duplicates (C)",
    }  # fmt: skip
    (one,) = found.form.lists["kind"]
    assert one == Choice("a", zh("甲"))


def test_choices_of_a_file_come_in_as_rows():
    content = book(survey=[["type", "name", "label"], ["select_one_from_file shops.csv", "shop", "店"]])
    csv = "﻿name,label,lane\ns1,面馆,12\ns2,茶馆,12\n".encode()
    found = services.import_xlsform(content, "a.xlsx", files={"shops.csv": csv}).form
    assert [c.columns for c in found.lists["shops"]] == [{"lane": "12"}, {"lane": "12"}]
    (fault,) = refused(content)
    assert "shops.csv" in fault.message


@pytest.mark.parametrize(
    ("rows", "row", "column", "words"),
    [
        ([["colour", "a", "甲"]], 2, "type (A)", "没有“colour”这种题型"),
        ([["integr", "a", "甲"]], 2, "type (A)", "没有“integr”这种题型"),
        ([["text", None, "甲"]], 2, "name (B)", "没有名称"),
        ([["text", "a", "甲"], ["note", "a", "乙"]], 3, "name (B)", "与第 2 行重复"),
        ([["text", "1a", "甲"]], 2, "name (B)", "“1a”不能用"),
        ([["text", "a", "甲", "${b} = 1"]], 2, "relevant (D)", "“b”在表单里找不到"),
        ([["text", "a", "甲", "${b} = 1"], ["text", "b", "乙", "${a} = 1"]], 2, "relevant (D)", "a → b → a"),
        ([["text", "a", "甲", "${a} = 1"]], 2, "relevant (D)", "a → a"),
        ([["text", "a", "甲", None, ". >"]], 2, "constraint (E)", "缺少内容"),
        ([["text", "a", "甲", None, "pulldata('x', 'y')"]], 2, "constraint (E)", "不支持函数“pulldata”"),
        ([["text", "a", "甲", None, "regex(., '(?=a)')"]], 2, "constraint (E)", "正则表达式"),
        ([["select_one none", "a", "甲"]], 2, "type (A)", "找不到选项表“none”"),
        ([["select_one", "a", "甲"]], 2, "type (A)", "没有写选项表"),
        ([["begin_group", "g", "组"], ["text", "a", "甲"]], 2, "type (A)", "没有结束"),
        ([["text", "a", "甲"], ["end_repeat"]], 3, "type (A)", "没有开始"),
        ([["geoshape", "a", "甲"]], 2, "type (A)", "没有“geoshape”这种题型"),
    ],
)
def test_each_fault_says_where_and_what_to_do(rows, row, column, words):
    fault = one_fault(*rows)
    assert (fault.sheet, fault.row, fault.column) == ("survey", row, column)
    assert words in fault.message
    assert fault.hint


def test_faults_of_choices_are_said_at_their_row():
    rows = [["list_name", "name", "label"], ["l", "a", "甲"], ["l", "a", "乙"], ["l", "b", None], [None, "c", "丙"]]
    faults = refused(book(survey=[["type", "name", "label"], ["select_one l", "q", "问"]], choices=rows[:4]))
    assert {(f.sheet, f.row) for f in faults} == {("choices", 3), ("choices", 4)}
    (fault,) = refused(book(survey=SURVEY, choices=[rows[0], rows[4]]))
    assert (fault.row, fault.column) == (2, "list_name (A)")


@pytest.mark.slow
def test_too_many_choices_are_refused_at_once():
    many = [["list_name", "name", "label"], *(["l", f"c{n}", f"第{n}"] for n in range(50_000))]
    faults = refused(book(survey=[["type", "name", "label"], ["select_one l", "q", "问"]], choices=many))
    assert [f.sheet for f in faults] == ["choices"]
    assert "行数超过" in faults[0].message


def test_formulas_and_macros_and_what_is_no_workbook_are_refused():
    faults = refused(book(survey=[["type", "name", "label"], ["text", "a", '=HYPERLINK("http://x","y")']]))
    assert [(f.row, f.column, f.message) for f in faults] == [(2, "C", "单元格里是公式。")]
    assert "宏" in refused(book(survey=SURVEY), "表.xlsm")[0].message
    target = io.BytesIO(book(survey=SURVEY))
    with zipfile.ZipFile(target, "a") as package:
        package.writestr("xl/vbaProject.bin", b"x")
    assert "宏" in refused(target.getvalue())[0].message
    for content in (b"", b"PK\x03\x04", b"type,name\n", b"\xd0\xcf\x11\xe0" + bytes(600), book(survey=SURVEY)[:-200]):
        (fault,) = refused(content)
        assert fault.hint
    assert "survey" in refused(book(Sheet1=SURVEY))[0].message


def test_what_pyxform_alone_refuses_is_said_at_its_row():
    rows = [["type", "name", "label", "parameters"], ["text", "a", "甲", None], ["image", "b", "乙", "max-pixels=x"]]
    (fault,) = refused(book(survey=rows))
    assert "pyxform" in fault.message
    assert fault.sheet == "survey"


def test_groups_and_texts_that_look_like_formulas_stay_texts():
    whole = form(
        group("g", q("a", label=zh("=1+1"), hint=zh("http://a.b"))),
        q("c", Q.CHOICE, list="l"),
        lists={"l": choices("x")},
    )
    assert services.import_xlsform(services.export_xlsform(whole), "check.xlsx").form == whole


CELLS = st.one_of(
    st.none(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.datetimes(),
    st.sampled_from([
        "text", "integer", "select_one l", "select_multiple l or_other", "rank l", "range", "begin_group", "end_group", "begin repeat",
        "end_repeat", "calculate", "image", "note", "geopoint", "audit", "a", "b", "g", "${a} = 1", "${b}", ". > 1", "yes", "true()",
        "start=0 end=5 step=1", "max-pixels=9", "minimal", "count(${g})", "position(..)", "a=b c", "==", "${", "x::y", "data", "a_count",
    ]),
    st.text(max_size=8).filter(lambda t: not openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.search(t) and not t.startswith("=")),
)  # fmt: skip
HEADERS = ["type", "name", "label", "relevant", "calculation", "constraint", "required", "default", "appearance", "parameters",
           "choice_filter", "repeat_count", "trigger", "linli_full", "linli_least", "image::en", "hint::中文"]  # fmt: skip


KINDS = [
    "text", "integer", "select_one l", "select_multiple l or_other", "rank l", "range", "calculate", "image", "note", "begin_group", "end_group",
    "begin_repeat", "end_repeat", "geopoint", "audit", "acknowledge", "hidden", "today", "colour", None,
]  # fmt: skip
NAMED = st.sampled_from(["a", "b", "c", "d", "e", "g", "data", "a_other", "1", "a b", "表", None])
ROWS = st.tuples(st.sampled_from(KINDS), NAMED, CELLS, *[CELLS] * 5)


@pytest.mark.slow
@settings(max_examples=200, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    st.lists(st.sampled_from(HEADERS), min_size=3, max_size=8, unique=True),
    st.lists(ROWS, min_size=1, max_size=6),
    st.lists(st.tuples(st.sampled_from(["l", "l", "m", None]), CELLS, CELLS), max_size=3),
)
def test_whatever_stands_in_the_cells_comes_in_or_is_said(headers, rows, picks):
    # Most rows have a type, a name and a label, so that many a form comes as far as pyxform.
    names = list(dict.fromkeys(["type", "name", "label", *headers]))
    content = book(survey=[names, *rows], choices=[["list_name", "name", "label"], *picks])
    try:
        found = services.import_xlsform(content, "a.xlsx").form
    except services.BadSheetError as error:
        faults = error.faults
    else:
        faults = ()
        assert services.import_xlsform(services.export_xlsform(found), "a.xlsx").form == found
    assert all(f.message and f.hint for f in faults), faults
