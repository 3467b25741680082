"""Where the token endpoints are."""

from django.urls import path

from orders.oauth import views
from orders.oauth.description import describe_endpoints

urlpatterns = [
    path("oauth/token", views.token),
    path("oauth/revoke", views.revoke),
    path(".well-known/jwks.json", views.jwks),
]

describe_endpoints()
