"""Addresses of records."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.interfaces.desk.fieldwork.records import filling, findings, taking, views

urlpatterns: list[URLPattern] = [
    path("review/", views.review, name="review"),
    path("records/", views.records, name="records"),
    path("records/<uuid:uuid>/", views.record, name="record"),
    path("files/", filling.upload, name="record_upload"),
    path("visits/<uuid:uuid>/fill/", filling.fill, name="visit_fill"),
    path("records/<uuid:uuid>/correct/", filling.correct, name="record_correct"),
    path("records/<uuid:uuid>/record.docx", taking.docx, name="record_docx"),
    path("records/<uuid:uuid>/decide/", views.decide, name="record_decide"),
    path("records/<uuid:uuid>/present/", views.present, name="record_present"),
    path("records/<uuid:uuid>/files/<uuid:file_uuid>/<str:size>/", views.file, name="record_file"),
    path("findings/", findings.findings, name="findings"),
    path("findings/<uuid:uuid>/", findings.finding, name="finding"),
    path("findings/<uuid:uuid>/step/", findings.finding_step, name="finding_step"),
]
