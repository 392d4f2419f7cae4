"""Addresses for the tests of the login guard: one open page, one closed, one dangerous."""

from django.http import HttpResponse
from django.urls import include, path

from linli.interfaces.web.access import confirmed, public


@public
def open_page(request):
    return HttpResponse(request.actor.label)


def closed_page(request):
    return HttpResponse(";".join(f"{g.role}/{g.acting_for}" for g in request.actor.grants))


@confirmed
def dangerous_page(request):
    return HttpResponse("done")


urlpatterns = [
    path("", include("linli.interfaces.web.urls")),
    path("open/", open_page),
    path("closed/", closed_page),
    path("dangerous/", dangerous_page),
]
