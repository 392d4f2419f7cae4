"""From files to text: each sort of file, and every way in which one is bad."""

import io
import zipfile

import docx
import pypdfium2
import pytest

from linli.foundation.core.errors import InvalidError
from linli.foundation.files.exceptions import FileRefusedError
from linli.foundation.files.models import StoredFile
from linli.foundation.jobs import services as jobs
from linli.programmes.documents import services
from linli.programmes.documents.models import Document
from linli.programmes.documents.selectors import text_of
from linli.programmes.documents.services import readers
from linli.programmes.documents.tests.papers import encrypted, paper

WORDS = "街道召开推进会\n\n一是加强巡查，6月底前完成；二是落实责任，各居民区每周自查一次。"
ENGLISH = "The quick brown fox jumps over the lazy dog. " * 20


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_plain_text_of_any_usual_encoding(encoding):
    assert readers.read_txt(WORDS.encode(encoding)) == WORDS


def test_text_in_no_encoding_is_refused_with_what_to_do():
    with pytest.raises(readers.UnreadableError, match=r"编码.*UTF-8"):
        readers.read_txt(b"\xff\xff\xff\x80\x80")


def test_a_docx_gives_headings_paragraphs_and_tables_in_their_order():
    made, out = docx.Document(), io.BytesIO()
    made.add_heading("实施意见", 1)
    made.add_paragraph("一、总体要求")
    table = made.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "责任单位", "管理办"
    made.add_paragraph("二、主要任务")
    made.save(out)
    assert readers.read_docx(out.getvalue()) == "实施意见\n一、总体要求\n责任单位　管理办\n二、主要任务"


def test_a_broken_docx_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", "<Types")
        package.writestr("word/document.xml", "<no")
    for content in (out.getvalue(), b"PK\x03\x04 cut off"):
        with pytest.raises(readers.UnreadableError, match="损坏"):
            readers.read_docx(content)


def test_a_pdf_keeps_its_pages_apart():
    pdf = readers.open_pdf(paper(["First page", "Second page"]))
    assert pdf.pages == 2
    assert pdf.text(0, 9) == ["First page", "Second page"]


def test_an_encrypted_and_a_broken_pdf_are_refused_each_with_its_reason():
    with pytest.raises(readers.UnreadableError, match="有密码"):
        readers.open_pdf(encrypted())
    with pytest.raises(readers.UnreadableError, match="已损坏"):
        readers.open_pdf(b"%PDF-1.7 nothing")


def test_a_page_without_text_is_read_as_a_picture_or_says_what_is_missing(monkeypatch):
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(200, 200)
    bitmap = pypdfium2.PdfBitmap.new_native(20, 20, 4)
    bitmap.fill_rect((0, 0, 0, 255), 0, 0, 20, 20)
    image = pypdfium2.PdfImage.new(document)
    image.set_bitmap(bitmap)
    image.set_matrix(pypdfium2.PdfMatrix().scale(100, 100))
    page.insert_obj(image)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    monkeypatch.setattr(readers, "ocr", lambda: None)
    with pytest.raises(readers.UnreadableError, match="第 1 页是扫描的图片"):
        readers.open_pdf(out.getvalue()).text(0, 1)
    seen = []

    def ocr(picture):
        seen.append(picture.shape)
        return [[None, "一是", 0.9]], 0

    monkeypatch.setattr(readers, "ocr", lambda: ocr)
    assert readers.open_pdf(out.getvalue()).text(0, 1) == ["一是"]
    assert seen


def taken(world, **fields):
    return services.import_document(by=world.actor("paidan"), now=world.now, new=services.NewDocument(**fields))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (ENGLISH.encode(), "a.txt", "不是中文"),
        (b"   \n \n", "a.txt", "没有读到文字"),
        (b"MZ\x90", "a.txt", "可执行程序"),
        (b"<html><body>\xe4\xb8\x80</body></html>", "a.txt", "网页"),
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_is_kept(world, content, name, words):
    with pytest.raises(InvalidError, match=words) as refused:
        taken(world, content=content, name=name)
    assert refused.value.fields or isinstance(refused.value, FileRefusedError)
    assert (Document.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_docx_that_would_burst_is_refused(world):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", b"0" * 40_000_000)
    with pytest.raises(FileRefusedError, match="打开后过大"):
        taken(world, content=out.getvalue(), name="a.docx")
    assert StoredFile.objects.count() == 0


@pytest.mark.django_db
def test_what_is_not_chinese_is_kept_when_asked_for(world):
    assert taken(world, text=ENGLISH, anyway=True).verdict == "not_chinese"


@pytest.mark.slow
@pytest.mark.django_db
def test_three_hundred_pages_are_read_by_a_job_in_pieces_and_one_more_is_refused(world):
    pages = [f"Page {n} of a long document" for n in range(300)]
    document = taken(world, content=paper(pages), name="long.pdf", anyway=True)
    assert (document.state, document.pages, document.pages_read) == ("reading", 300, 0)
    jobs.run_due(now=world.now, limit=1)
    document.refresh_from_db()
    assert document.pages_read == services.importing.CHUNK
    jobs.drain(now=world.now)
    document.refresh_from_db()
    assert (document.state, document.pages_read) == ("read", 300)
    raw = text_of(document).raw
    assert raw.count("\f") == 299
    assert "Page 299" in raw
    with pytest.raises(InvalidError, match="301 页，最多 300 页"):
        taken(world, content=paper([*pages, "x"]), name="longer.pdf")


@pytest.mark.django_db
def test_a_long_pdf_that_turns_out_to_be_scanned_says_so_on_its_page(world, monkeypatch):
    monkeypatch.setattr(readers, "ocr", lambda: None)
    document = taken(world, content=paper(["words"] * 30), name="long.pdf")
    monkeypatch.setattr(readers.Pdf, "_page", lambda self, n: self._scanned(self.document[0], n))
    jobs.drain(now=world.now)
    document.refresh_from_db()
    assert document.state == "failed"
    assert "第 1 页是扫描的图片" in document.trouble
