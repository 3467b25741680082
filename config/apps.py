"""The project itself as a Django app, so that it can bring commands and a model of its own."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Home of what belongs to the installation rather than to the shop."""

    name = "config"
    verbose_name = "installation"
    default_auto_field = "django.db.models.BigAutoField"
