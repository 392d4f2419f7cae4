"""Addresses of the documents."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.documents import acting, checking, five, giving, linking, lists, ordering, outlines, plans

urlpatterns = [
    path("documents/", lists.register, name="documents"),
    path("documents/new/", lists.new, name="document_new"),
    path("documents/five/", five.five, name="document_five"),
    path("documents/five/<int:number>/", five.one, name="document_five_one"),
    path("documents/aliases/", linking.aliases, name="document_aliases"),
    path("documents/aliases/<uuid:uuid>/", linking.remove, name="document_alias"),
    path("documents/findings/<uuid:uuid>/link/", linking.link, name="finding_link"),
    path("documents/<uuid:uuid>/", lists.document, name="document"),
    path("documents/<uuid:uuid>/file/", lists.original, name="document_file"),
    path("documents/<uuid:uuid>/order/", ordering.order, name="document_order"),
    path("documents/<uuid:uuid>/check/", checking.check, name="document_check"),
    path("documents/<uuid:uuid>/check/sure/", checking.sure, name="document_sure"),
    path("documents/<uuid:uuid>/check/finish/", checking.finish, name="document_finish"),
    path("documents/<uuid:uuid>/check/add/", acting.add, name="document_add"),
    path("documents/<uuid:uuid>/tasks/", giving.tasks, name="document_tasks"),
    path("documents/<uuid:uuid>/parts/", plans.parts, name="document_parts"),
    path("documents/<uuid:uuid>/parts/edit/", outlines.outline, name="document_outline"),
    path("documents/parts/<uuid:uuid>/", outlines.part, name="document_part"),
    path("documents/<uuid:uuid>/plan/", plans.plan, name="document_plan"),
    path("documents/findings/<uuid:uuid>/", acting.decide, name="document_finding"),
    path("documents/findings/<uuid:uuid>/edit/", acting.edit, name="finding_edit"),
    path("documents/findings/<uuid:uuid>/task/", acting.task, name="finding_task"),
    path("documents/parts/<uuid:uuid>/units/<int:unit_id>/", plans.cell, name="plan_cell"),
    path("documents/parts/<uuid:uuid>/units/<int:unit_id>/task/", plans.cell_task, name="plan_task"),
]
