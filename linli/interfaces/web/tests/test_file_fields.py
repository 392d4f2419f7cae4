"""A file field says what it takes: photos ask for the camera, documents for a file."""

from django import forms
from django.template.loader import render_to_string

from linli.interfaces.web.forms import DomainForm, photo_field


class Both(DomainForm):
    """One of each."""

    photo = photo_field("照片")
    paper = forms.FileField(label="协议扫描件")


def test_the_label_follows_what_is_taken():
    page = render_to_string("web/_fields.html", {"form": Both()})
    photo, paper = page.split('id="f-paper"')
    assert 'accept="image/*"' in photo
    assert "拍照或选照片" in photo
    assert "accept" not in paper
    assert "选择文件" in paper
    assert "拍照" not in paper
