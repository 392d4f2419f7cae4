"""Addresses of figures."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.figures import areas, exports, views, watching
from linli.interfaces.desk.figures.briefing import views as briefing

urlpatterns = [
    path("figures/", views.overview, name="figures"),
    path("figures.xlsx", exports.overview, name="figures_export"),
    path("figures/watches/", watching.listing, name="figure_watches"),
    path("figures/watches/<uuid:uuid>/drop/", watching.drop, name="figure_watch_drop"),
    path("figures/burden/", areas.burden, name="figures_burden"),
    path("figures/burden.xlsx", areas.burden_export, name="figures_burden_export"),
    path("figures/interaction/", areas.interaction, name="figures_interaction"),
    path("figures/interaction/<uuid:uuid>/withdraw/", areas.withdraw, name="figures_outside_withdraw"),
    path("figures/hotline/", areas.score, name="figures_hotline"),
    path("figures/brief/", briefing.page, name="figures_brief"),
    path("figures/brief.<str:kind>", briefing.file, name="figures_brief_file"),
    path("figures/<slug:code>/", views.one, name="figure"),
    path("figures/<slug:code>/rows/", views.rows, name="figure_rows"),
    path("figures/<slug:code>/watch/", watching.watch, name="figure_watch"),
    path("figures/<slug:code>/table.<str:kind>", exports.table, name="figure_export"),
]
