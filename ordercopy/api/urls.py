"""The addresses of factories, copies and batches; importing their declarations registers them."""

from config.jsonapi.registry import registered
from config.jsonapi.urls import urls_of
from ordercopy.api import (  # noqa: F401
    factories,
    lineage,
    order_copies,
    order_copy_batches,
    order_copy_previews,
)
from ordercopy.api.description import describe_health

urlpatterns = urls_of(registered("ordercopy"))

describe_health()
