"""Addresses of rounds."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.interfaces.desk.fieldwork.records import taking
from linli.interfaces.desk.fieldwork.rounds import assigning, board, calendar, home, planning, visit

urlpatterns: list[URLPattern] = [
    path("", home.rounds, name="rounds"),
    path("calendar/", calendar.calendar, name="fieldwork_calendar"),
    path("mine/", home.mine, name="my_visits"),
    path("rounds/new/", planning.new, name="round_new"),
    path("rounds/look/", planning.look, name="round_look"),
    path("rounds/<uuid:uuid>/", board.round_view, name="round"),
    path("rounds/<uuid:uuid>/edit/", planning.edit, name="round_edit"),
    path("rounds/<uuid:uuid>/step/", board.step, name="round_step"),
    path("rounds/<uuid:uuid>/visits/", board.visits, name="round_visits"),
    path("rounds/<uuid:uuid>/assign/", assigning.assign, name="round_assign"),
    path("rounds/<uuid:uuid>/pins/", assigning.pins, name="round_pins"),
    path("rounds/<uuid:uuid>/calendar/", calendar.round_calendar, name="round_calendar"),
    path("rounds/proposals/<uuid:uuid>/", assigning.proposal, name="round_proposal"),
    path("rounds/<uuid:uuid>/draw/", board.draw, name="round_draw"),
    path("rounds/<uuid:uuid>/print/", board.board_print, name="round_print"),
    path("rounds/<uuid:uuid>/pairs/", taking.pairs, name="round_pairs"),
    path("rounds/<uuid:uuid>/export/<str:way>/", taking.export, name="round_export"),
    path("visits/<uuid:uuid>/", visit.visit, name="visit"),
    path("visits/<uuid:uuid>/step/", visit.step, name="visit_step"),
]
