"""Addresses of projects."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.projects import blockers, editing, listing, lists, one, planning, prints, residents

urlpatterns = [
    path("projects/", listing.projects, name="projects"),
    path("projects/board/", listing.board, name="project_board"),
    path("projects/chart/", prints.chart, name="project_chart"),
    path("projects/map/", prints.ground, name="project_map"),
    path("projects/new/", editing.new, name="project_new"),
    path("projects/people/", editing.people, name="project_people"),
    path("projects/lists/", lists.lists, name="project_lists"),
    path("projects/lists/<uuid:uuid>/", lists.one_list, name="project_list"),
    path("projects/classes/", lists.classes, name="project_classes"),
    path("projects/teams/", lists.teams, name="project_teams"),
    path("projects/blockers/", blockers.listing, name="project_blockers"),
    path("projects/blockers/<uuid:uuid>/", blockers.one, name="project_blocker"),
    path("projects/photo/<uuid:uuid>/<uuid:file>/<int:size>/", residents.photo, name="project_photo"),
    path("projects/of-node/<uuid:uuid>/", one.of_node, name="project_of_node"),
    path("projects/<uuid:uuid>/", one.project, name="project"),
    path("projects/<uuid:uuid>/edit/", editing.edit, name="project_edit"),
    path("projects/<uuid:uuid>/step/", one.step, name="project_step"),
    path("projects/<uuid:uuid>/tree/", one.tree, name="project_tree"),
    path("projects/<uuid:uuid>/nodes/new/", editing.node_new, name="project_node_new"),
    path("projects/<uuid:uuid>/nodes/<int:node_id>/", editing.node, name="project_node"),
    path("projects/<uuid:uuid>/nodes/<int:node_id>/drop/", editing.node_drop, name="project_node_drop"),
    path("projects/<uuid:uuid>/nodes/<int:node_id>/report/", editing.report, name="project_report"),
    path("projects/<uuid:uuid>/plan/", planning.plan, name="project_plan"),
    path("projects/<uuid:uuid>/baseline/", planning.baseline, name="project_baseline"),
    path("projects/<uuid:uuid>/blockers/new/", blockers.new, name="project_blocker_new"),
    path("projects/<uuid:uuid>/residents/", residents.residents, name="project_residents"),
    path("projects/<uuid:uuid>/money/", residents.money_page, name="project_money"),
]
