"""Where the token endpoints are."""

from django.urls import path

from orders.oauth import views

urlpatterns = [
    path("oauth/token", views.token),
    path("oauth/revoke", views.revoke),
    path(".well-known/jwks.json", views.jwks),
]
