"""Addresses of words out."""

from __future__ import annotations

from django.urls import path, re_path

from linli.interfaces.desk.publishing import acting, articles, channels, issues, media, methods, pieces, pleas, reports

urlpatterns = [
    path("publishing/", articles.listing, name="publishing"),
    path("publishing/new/", articles.new, name="publishing_new"),
    path("publishing/from/", articles.begun_from, name="publishing_from"),
    path("publishing/articles/<uuid:uuid>/", articles.one, name="publishing_article"),
    path("publishing/articles/<uuid:uuid>/edit/", articles.edit, name="publishing_article_edit"),
    path("publishing/articles/<uuid:uuid>/correct/", articles.correct, name="publishing_article_correct"),
    path("publishing/articles/<uuid:uuid>/wechat/", articles.wechat, name="publishing_article_wechat"),
    path("publishing/articles/<uuid:uuid>/print/", articles.paper, name="publishing_article_print"),
    path("publishing/<slug:kind>/<uuid:uuid>/act/", acting.act, name="publishing_act"),
    path("publishing/<slug:kind>/<uuid:uuid>/versions/<int:number>/", pieces.version, name="publishing_version"),
    path("publishing/issues/", issues.listing, name="publishing_issues"),
    path("publishing/issues/new/", issues.new, name="publishing_issue_new"),
    path("publishing/issues/<uuid:uuid>/", issues.one, name="publishing_issue"),
    path("publishing/issues/<uuid:uuid>/edit/", issues.edit, name="publishing_issue_edit"),
    path("publishing/issues/<uuid:uuid>/print/", issues.paper, name="publishing_issue_print"),
    path("publishing/reports/", reports.listing, name="publishing_reports"),
    path("publishing/reports/new/", reports.new, name="publishing_report_new"),
    path("publishing/reports/<uuid:uuid>/", reports.one, name="publishing_report"),
    path("publishing/reports/<uuid:uuid>/edit/", reports.edit, name="publishing_report_edit"),
    path("publishing/reports/<uuid:uuid>/report.docx", reports.docx, name="publishing_report_docx"),
    path("publishing/reports/<uuid:uuid>/report.xlsx", reports.xlsx, name="publishing_report_xlsx"),
    path("publishing/figures/<str:code>/", reports.figure, name="publishing_figure"),
    path("publishing/methods/", methods.listing, name="publishing_methods"),
    path("publishing/methods/new/", methods.new, name="publishing_method_new"),
    path("publishing/methods/<uuid:uuid>/", methods.one, name="publishing_method"),
    path("publishing/methods/<uuid:uuid>/edit/", methods.edit, name="publishing_method_edit"),
    path("publishing/media/", media.listing, name="publishing_media"),
    path("publishing/media/new/", media.new, name="publishing_media_new"),
    path("publishing/media/<uuid:uuid>/", media.one, name="publishing_media_one"),
    path("publishing/media/<uuid:uuid>/<int:size>/", media.file, name="publishing_media_file"),
    path("publishing/releases/", channels.releases, name="publishing_releases"),
    path("publishing/releases/<uuid:uuid>/", channels.release, name="publishing_release"),
    path("publishing/channels/", channels.channels, name="publishing_channels"),
    path("publishing/cloud/", channels.cloud, name="publishing_cloud"),
    re_path(r"^publishing/cloud\.(?P<form>json|xlsx)$", channels.cloud_file, name="publishing_cloud_file"),
    path("publishing/pleas/", pleas.listing, name="publishing_pleas"),
    path("publishing/pleas/<uuid:uuid>/", pleas.one, name="publishing_plea"),
]
