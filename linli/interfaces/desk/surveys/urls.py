"""Addresses of surveys."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.surveys import listing, one, papers, planning

urlpatterns = [
    path("surveys/", listing.listing, name="surveys"),
    path("surveys/new/", planning.new, name="survey_new"),
    path("surveys/<uuid:uuid>/", one.one, name="survey"),
    path("surveys/<uuid:uuid>/frame/", planning.frame, name="survey_frame"),
    path("surveys/<uuid:uuid>/aims/", planning.aims, name="survey_aims"),
    path("surveys/<uuid:uuid>/act/", one.act, name="survey_act"),
    path("surveys/<uuid:uuid>/doors/", one.doors, name="survey_doors"),
    path("surveys/<uuid:uuid>/qr/", papers.qr, name="survey_qr"),
    path("surveys/<uuid:uuid>/slips/", papers.slips, name="survey_slips"),
    path("surveys/<uuid:uuid>/print/", papers.paper, name="survey_print"),
    path("surveys/<uuid:uuid>/report.docx", papers.docx, name="survey_docx"),
    path("surveys/<uuid:uuid>/report.xlsx", papers.xlsx, name="survey_xlsx"),
]
