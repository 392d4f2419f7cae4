"""What cannot be read, sent to the import page: said in Chinese with what to do, and nothing half-written stays."""

import pypdfium2
import pytest

from linli.foundation.files import storage
from linli.foundation.files.models import StoredFile
from linli.foundation.jobs.models import Job
from linli.foundation.journal.models import Entry
from linli.interfaces.desk.tests.documents_help import MINUTES, upload
from linli.interfaces.desk.tests.help import enter
from linli.programmes.documents.models import Block, Document, Finding
from linli.programmes.documents.tests.papers import ADVERT, bad_papers, encrypted, paper, word

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/documents/new/"


def kept():
    """Return what an import writes: rows, jobs, words in the journal, files on the disk."""
    rows = [m.objects.count() for m in (Document, Block, Finding, StoredFile, Job)]
    told = Entry.objects.filter(verb__startswith="documents.").count()
    return [*rows, told, sorted(p for p in storage.root().rglob("*") if p.is_file())]


def test_the_locked_paper_is_a_real_one():
    opened = pypdfium2.PdfDocument(encrypted(b"key"), password="key")
    assert opened[0].get_textpage().get_text_bounded() == "Inside the lock"
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(encrypted(b"key"))


def test_every_bad_file_is_refused_in_chinese_with_what_to_do_and_nothing_stays(world):
    client = enter(world, "paidan")
    before = kept()
    for bad in bad_papers():
        sent = {"file": upload(bad.name, bad.content), "kind": "minutes", "title": "我填的标题", "number": "华街9号"}
        answer = client.post(ADDRESS, sent)
        page = answer.content.decode()
        assert answer.status_code == 422, bad.name
        for words in (bad.wrong, bad.todo, "我填的标题", "华街9号"):
            assert words in page, (bad.name, words)
        assert "field__error" in page, bad.name
        assert kept() == before, bad.name
    assert "还没有导入文件" in client.get("/desk/documents/").content.decode()


def test_an_advert_is_kept_when_asked_for_and_says_that_nothing_was_found(world):
    client = enter(world, "paidan")
    refused = client.post(ADDRESS, {"text": ADVERT, "kind": "page"})
    assert refused.status_code == 422
    assert 'name="anyway"' in refused.content.decode()
    assert "全场五折起" in refused.content.decode()
    done = client.post(ADDRESS, {"text": ADVERT, "kind": "page", "anyway": "yes"})
    assert done.status_code == 302
    document = Document.objects.get()
    assert (document.verdict, document.findings.count()) == ("advert", 0)
    assert "没有读到可以核对的公务内容" in client.get(done["Location"]).content.decode()


def test_a_file_with_another_ending_is_read_for_what_it_is(world):
    client = enter(world, "paidan")
    sent = {"file": upload("纪要.pdf", word(*MINUTES.split("\n\n"))), "kind": "minutes"}
    assert client.post(ADDRESS, sent).status_code == 302
    document = Document.objects.get()
    assert document.findings.filter(kind="requirement").exists()
    said = client.post(ADDRESS, {"file": upload("说明.txt", paper(["words"])), "kind": "page"})
    assert "不是中文" in said.content.decode()  # a pdf that is called txt is read as a pdf


def test_a_file_and_a_pasted_text_at_once_or_none_is_refused(world):
    client = enter(world, "paidan")
    both = client.post(ADDRESS, {"file": upload("a.txt", b"x"), "text": MINUTES, "kind": "page"})
    assert both.status_code == 422
    assert "只能选一种" in both.content.decode()
    assert "请选择文件，或粘贴文字" in client.post(ADDRESS, {"kind": "page"}).content.decode()
    assert Document.objects.count() == 0
