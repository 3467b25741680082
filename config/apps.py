"""The project itself as a Django app, so that it can bring commands and a model of its own."""

from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate


class ProjectConfig(AppConfig):
    """Home of what belongs to the installation rather than to the shop."""

    name = "config"
    verbose_name = "installation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.roles import SHOP_APPS, write_roles  # noqa: PLC0415 (needs the models)

        # After the last of the apps whose permissions the roles name.
        post_migrate.connect(write_roles, sender=apps.get_app_config(SHOP_APPS[-1]))


class ShopAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our own site."""

    default_site = "config.admin_site.ShopSite"
    default = False
