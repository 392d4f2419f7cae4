"""Addresses of the civilised-city programme."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.civility import ads, campaigns, home, library, lists, log, papers, trials

urlpatterns = [
    path("civility/", home.home, name="civility"),
    path("civility/library/", library.library, name="civility_library"),
    path("civility/library/load/", library.load, name="civility_load"),
    path("civility/library/new/", library.edition_new, name="civility_edition_new"),
    path("civility/library/<uuid:uuid>/", library.edition, name="civility_edition"),
    path("civility/library/<uuid:uuid>/matrix/", library.matrix, name="civility_matrix"),
    path("civility/library/<uuid:uuid>/changes/", library.changes, name="civility_changes"),
    path("civility/library/<uuid:uuid>/publish/", library.edition_publish, name="civility_publish"),
    path("civility/library/<uuid:uuid>/new/", library.standard_edit, name="civility_standard_new"),
    path("civility/library/<uuid:uuid>/s/<slug:code>/", library.standard, name="civility_standard"),
    path("civility/library/<uuid:uuid>/s/<slug:code>/edit/", library.standard_edit, name="civility_standard_edit"),
    path(
        "civility/library/<uuid:uuid>/s/<slug:code>/remove/", library.standard_remove, name="civility_standard_remove"
    ),
    path("civility/checks/", trials.listing, {"purpose": "self_check"}, name="civility_self_check"),
    path("civility/mocks/", trials.listing, {"purpose": "mock"}, name="civility_mock"),
    path("civility/supervision/", trials.listing, {"purpose": "supervision"}, name="civility_supervision"),
    path("civility/tests/new/<slug:purpose>/", trials.new, name="civility_test_new"),
    path("civility/tests/<uuid:uuid>/", trials.one, name="civility_test"),
    path("civility/tests/<uuid:uuid>/gaps/", trials.gaps, name="civility_gaps"),
    path("civility/tests/<uuid:uuid>/print/", papers.paper, name="civility_test_print"),
    path("civility/tests/<uuid:uuid>/sheet/", papers.workbook, name="civility_test_sheet"),
    path("civility/tests/<uuid:uuid>/document/", papers.document, name="civility_test_document"),
    path("civility/todos/", lists.listing, name="civility_todos"),
    path("civility/todos/new/<slug:listed>/", lists.new, name="civility_todo_new"),
    path("civility/todos/<uuid:uuid>/", lists.one, name="civility_todo"),
    path("civility/week/", lists.week, name="civility_week"),
    path("civility/compare/", lists.compare, name="civility_compare"),
    path("civility/points/<uuid:uuid>/", lists.point, name="civility_point"),
    path("civility/files/<uuid:uuid>/<str:size>/", lists.file, name="civility_file"),
    path("civility/ads/", ads.ads, name="civility_ads"),
    path("civility/campaigns/", campaigns.listing, name="civility_campaigns"),
    path("civility/campaigns/new/", campaigns.new, name="civility_campaign_new"),
    path("civility/campaigns/<uuid:uuid>/", campaigns.one, name="civility_campaign"),
    path("civility/log/", log.listing, name="civility_log"),
    path("civility/log/new/", log.new, name="civility_log_new"),
    path("civility/log/<uuid:uuid>/", log.one, name="civility_log_entry"),
    path("civility/volunteers/", log.volunteers, name="civility_volunteers"),
    path("civility/volunteers/new/", log.volunteer_new, name="civility_volunteer_new"),
    path("civility/volunteers/<uuid:uuid>/", log.volunteer, name="civility_volunteer"),
]
