"""Where the documentation is."""

from django.urls import path

from config.jsonapi.openapi import pages, views
from config.jsonapi.openapi.description import describe_itself

urlpatterns = [
    path("schema", views.schema, name="api_schema"),
    path("docs", pages.index, name="api_docs"),
    path("docs/<slug:tag>", pages.section, name="api_docs_section"),
]

describe_itself()
