"""From a file to its text: plain text, docx, pdf; scanned pages by OCR where that extra is installed."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from linli.foundation.core.errors import InvalidError

PAGE_BREAK = "\f"
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_OCR_SCALE = 2.0


class UnreadableError(InvalidError):
    """No text can be read from the file; nothing was kept."""

    code = "documents.unreadable"


def _refuse(message: str, hint: str) -> UnreadableError:
    return UnreadableError(message, hint=hint, fields={"file": [f"{message}{hint}"]})


def plain(text: str) -> str:
    """Return ``text`` as any database and any key can hold it: one sort of line break, no lone surrogates, no NUL."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return "".join(c for c in text if not 0xD800 <= ord(c) <= 0xDFFF)


def read_txt(content: bytes) -> str:
    """Return plain text: by its mark, else UTF-8, else GB 18030.

    Raises:
        UnreadableError: none of these.
    """
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    marked = [name for mark, name in marks if content.startswith(mark)]
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            return plain(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise _refuse(_("认不出这个文本文件的编码。"), _("请另存为 UTF-8 编码后再导入，或直接粘贴文字。"))


def read_docx(content: bytes) -> str:
    """Return the paragraphs, headings and tables of a docx in their order; a row of a table is one line.

    Raises:
        UnreadableError: it cannot be opened.
    """
    import docx  # noqa: PLC0415  only where a docx is read
    from docx.table import Table  # noqa: PLC0415

    try:
        document = docx.Document(io.BytesIO(content))
        lines: list[str] = []
        for item in document.iter_inner_content():
            lines += _table(item) if isinstance(item, Table) else [item.text]
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, AttributeError, SyntaxError) as error:
        raise _broken_docx() from error
    except Exception as error:
        if type(error).__module__.split(".")[0] in {"docx", "lxml"}:
            raise _broken_docx() from error
        raise
    return plain("\n".join(lines))


def _broken_docx() -> UnreadableError:
    return _refuse(_("这个 docx 已损坏，无法打开。"), _("请在 Word 或 WPS 中打开后另存为 docx，再导入。"))


def _table(table: Any) -> list[str]:
    rows = []
    for row in table.rows:
        cells = list(dict.fromkeys(c.text.strip().replace("\n", "") for c in row.cells))
        rows.append("　".join(c for c in cells if c))
    return rows


@dataclass(frozen=True, slots=True)
class Pdf:
    """An open pdf."""

    pages: int
    document: Any

    def text(self, first: int, last: int) -> list[str]:
        """Return the text of pages ``first`` to ``last`` (half-open, from 0).

        Raises:
            UnreadableError: a page is a picture and reading pictures is not installed.
        """
        return [self._page(n) for n in range(first, min(last, self.pages))]

    def _page(self, number: int) -> str:
        page = self.document[number]
        try:
            words = page.get_textpage()
            found = plain(words.get_text_bounded()).strip("\n")
            words.close()
            return found if found.strip() else self._scanned(page, number)
        finally:
            page.close()

    def _scanned(self, page: Any, number: int) -> str:
        if not any(True for _o in page.get_objects(max_depth=2)):
            return ""
        reader = ocr()
        if reader is None:
            raise _refuse(
                _("第 %(page)s 页是扫描的图片，没有文字层。") % {"page": number + 1},
                _("请导入原来的电子版，或请系统管理员安装文字识别组件（pip install linli[ocr]）。"),
            )
        lines, _spent = reader(page.render(scale=_OCR_SCALE).to_numpy())
        return "\n".join(plain(str(line[1])) for line in lines or [])


def sample(pdf: Pdf) -> None:
    """Raise at once where a long pdf cannot be read at all: its first page is a picture that nothing here reads.

    Raises:
        UnreadableError: as :meth:`Pdf.text`.
    """
    if ocr() is None:
        pdf.text(0, 1)


@lru_cache(maxsize=1)
def ocr() -> Any:
    """Return the reader of pictures, None where the extra is not installed."""
    try:
        from rapidocr_onnxruntime import RapidOCR  # noqa: PLC0415  an extra
    except ImportError:
        return None
    return RapidOCR()


def open_pdf(content: bytes) -> Pdf:
    """Return a pdf opened.

    Raises:
        UnreadableError: it is encrypted or broken.
    """
    import pypdfium2  # noqa: PLC0415  only where a pdf is read

    try:
        document = pypdfium2.PdfDocument(content)
        return Pdf(len(document), document)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower():
            raise _refuse(_("这个 PDF 有密码，无法读取。"), _("请用密码打开后另存为不加密的 PDF，再导入。")) from error
        raise _refuse(_("这个 PDF 已损坏，无法打开。"), _("请检查原文件，重新发送一次。")) from error
