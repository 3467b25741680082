"""The addresses of factories, copies and previews; importing their declarations registers them."""

from config.jsonapi.registry import registered
from config.jsonapi.urls import urls_of
from ordercopy.api import factories, lineage, order_copies, order_copy_previews  # noqa: F401
from ordercopy.api.description import describe_health

urlpatterns = urls_of(registered("ordercopy"))

describe_health()
