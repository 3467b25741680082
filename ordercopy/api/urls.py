"""The addresses of factories and copies; importing their declarations registers them."""

from config.jsonapi.registry import registered
from config.jsonapi.urls import urls_of
from ordercopy.api import factories, order_copies  # noqa: F401

urlpatterns = urls_of(registered("ordercopy"))
