"""The shop's application with the bare view beside it."""

from django.conf import settings

from config.wsgi import application

settings.ROOT_URLCONF = "tests.benchmarks.api.bare"

__all__ = ["application"]
