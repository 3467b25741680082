from django.apps import AppConfig


class OrdercopyConfig(AppConfig):
    name = "ordercopy"
    verbose_name = "Order copies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ordercopy import checks  # noqa: F401, PLC0415  (registers them)
