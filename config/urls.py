"""Where each address leads."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config.jsonapi.urls import nowhere
from ordercopy.health import healthz

handler500 = "config.refusals.crashed"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("language/", include("django.conf.urls.i18n")),
    path("", include("orders.oauth.urls")),
    path("healthz", healthz),
    path("api/", include("config.jsonapi.openapi.urls")),
    # What is asked most comes first: the addresses are tried in this order.
    path("api/", include("ordercopy.api.urls")),
    path("api/", include("orders.api.urls")),
    *nowhere(),
]
