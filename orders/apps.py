from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Shop")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from orders.admin.names import name_models  # noqa: PLC0415 (needs the models)

        name_models(self.get_models())
        post_migrate.connect(found_the_shop, sender=self)


def found_the_shop(using: str = "default", **_signal: Any) -> None:
    """Make the one row that tells of the shop itself: whoever opens its page finds it to edit.

    A migration that stops before there is such a table makes none.
    """
    from orders.models import Organization  # noqa: PLC0415 (models come after the app)

    table = Organization._meta.db_table
    if table in connections[using].introspection.table_names():
        Organization.here(using=using)
