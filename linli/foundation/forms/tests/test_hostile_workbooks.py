"""Workbooks made to hurt: unpacked to gigabytes, with entities, with conditions beyond measure."""

import io
import time
import tracemalloc
import zipfile

import pytest

from linli.foundation.forms import services
from linli.foundation.forms.services import BadSheetError
from linli.foundation.forms.tests.test_xlsforms import SURVEY, book, refused


def changed(part, content):
    """Return a good workbook with one of its parts put in place of."""
    source, target = zipfile.ZipFile(io.BytesIO(book(survey=SURVEY))), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name in source.namelist():
            package.writestr(name, content if name == part else source.read(name))
        if part not in source.namelist():
            package.writestr(part, content)
    return target.getvalue()


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
)
CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row>'


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
def test_a_workbook_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked(part):
    bomb = changed(part, b" " * (300 * 1024 * 1024))
    assert len(bomb) < 1024 * 1024
    tracemalloc.start()
    began = time.monotonic()
    (fault,) = refused(bomb)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert fault.hint
    assert most < 60 * 1024 * 1024
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_entities_are_never_read(part, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP-SECRET", encoding="ascii")
    outside = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>' + SHEET % (CELL % "&e;")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12))
    many = f"<!DOCTYPE x [{laughs}]>" + SHEET % (CELL % "&l11;")
    for content in (outside, many):
        began = time.monotonic()
        with pytest.raises(BadSheetError) as told:
            services.import_xlsform(changed(part, content.encode()), "a.xlsx")
        assert "TOP-SECRET" not in str([*told.value.faults])
        assert time.monotonic() - began < 10


def test_conditions_beyond_measure_are_refused_with_their_place():
    for bad in ("(" * 500 + "1" + ")" * 500, "1" + "+1" * 3_000, "a" * 4_999, "not(" * 60 + "1" + ")" * 60):
        rows = [["type", "name", "label", "relevant"], ["text", "a", "甲", bad]]
        faults = refused(book(survey=rows))
        assert faults[0].row == 2


def test_a_ring_over_many_questions_is_named_and_quickly():
    rows = [["type", "name", "label", "relevant"]]
    rows += [["text", f"q{n}", f"问{n}", f"${{q{(n + 1) % 300}}} = '1'"] for n in range(300)]
    began = time.monotonic()
    faults = refused(book(survey=rows))
    assert "→" in faults[0].message
    assert time.monotonic() - began < 10
