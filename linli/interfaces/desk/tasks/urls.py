"""Addresses of tasks."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.tasks import lists, series, strands, views

urlpatterns = [
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/bulk/", views.bulk, name="task_bulk"),
    path("tasks/strands/", strands.report, name="task_strands"),
    path("tasks/lists/", lists.lists, name="task_lists"),
    path("tasks/lists/new/", lists.new, name="task_list_new"),
    path("tasks/lists/template.xlsx", lists.template, name="task_list_template"),
    path("tasks/lists/<uuid:uuid>/", lists.one, name="task_list"),
    path("tasks/lists/<uuid:uuid>/print/", lists.printed, name="task_list_print"),
    path("tasks/lists/<uuid:uuid>/sheet.xlsx", lists.sheet, name="task_list_sheet"),
    path("tasks/recurring/", series.series_list, name="task_series_list"),
    path("tasks/recurring/new/", series.new, name="task_series_new"),
    path("tasks/recurring/<uuid:uuid>/", series.one, name="task_series"),
    path("tasks/<uuid:uuid>/", views.task, name="task"),
    path("tasks/<uuid:uuid>/files/<uuid:file_uuid>/<slug:size>/", views.file, name="task_file"),
]
