from django.apps import AppConfig


class OrdercopyConfig(AppConfig):
    name = "ordercopy"
    verbose_name = "Order copies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ordercopy import checks  # noqa: F401, PLC0415  (registers them)
        from ordercopy.keeping import sources_in_use  # noqa: PLC0415
        from orders.deletion import add_deletion_check  # noqa: PLC0415

        add_deletion_check(sources_in_use)
