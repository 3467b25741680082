from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdercopyConfig(AppConfig):
    name = "ordercopy"
    verbose_name = _("Order copies")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ordercopy import checks  # noqa: F401, PLC0415  (registers them)
        from ordercopy.admin.names import name_models  # noqa: PLC0415
        from ordercopy.keeping import sources_in_use  # noqa: PLC0415
        from orders.deletion import add_deletion_check  # noqa: PLC0415

        add_deletion_check(sources_in_use)
        name_models(self.get_models())
