"""Scanned pages read by the real engine, where its extra is installed: the tests' lock has it below Python 3.13."""

import difflib

import pytest

from linli.interfaces.desk.tests.documents_help import upload
from linli.interfaces.desk.tests.help import enter
from linli.programmes.documents.models import Document
from linli.programmes.documents.selectors import text_of
from linli.programmes.documents.services import readers
from linli.programmes.documents.tests.papers import scanned

pytest.importorskip("rapidocr_onnxruntime")
pytestmark = pytest.mark.slow
LINES = (
    "关于推进楼道治理的实施意见",
    "街道党工委书记强调，要坚持以人为本，年内完成全部楼道清理。",
    "一是建立楼组长巡查机制，每周巡查一次，发现问题当天上报；",
    "二是落实责任，由街道社区管理办公室负责，6月30日前完成29个小区；",
    "三是落实经费，各居民区每月10日前报送进度。",
    "（街道社区党建办）",
)


def accuracy(wanted: str, read: str) -> float:
    """Return the share of characters of both texts that stand in the same order."""
    return difflib.SequenceMatcher(None, wanted, read, autojunk=False).ratio()


def test_a_scanned_page_of_chinese_is_read_character_by_character():
    (read,) = readers.open_pdf(scanned(LINES)).text(0, 1)
    found = accuracy("".join(LINES), "".join(read.split()))
    assert found >= 0.97


@pytest.mark.django_db
def test_a_scanned_page_is_imported_and_its_requirements_found(world):
    client = enter(world, "paidan")
    sent = {"file": upload("扫描件.pdf", scanned(LINES)), "kind": "minutes"}
    answer = client.post("/desk/documents/new/", sent)
    assert answer.status_code == 302, answer.content.decode()
    document = Document.objects.get()
    assert "楼组长巡查机制" in text_of(document).clean
    said = [f.text for f in document.findings.filter(kind="requirement")]
    assert any("巡查机制" in text for text in said)
    assert "待定顺序" in client.get(answer["Location"]).content.decode()
