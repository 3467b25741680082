"""`manage.py translations`: bring the catalogues up to the sources, and say what is missing."""

from typing import Any

from django.core.management.base import BaseCommand

from config.translations import all_translations


class Command(BaseCommand):
    help = "Collect what is to be translated, compile what is translated, and list what is not."

    def handle(self, *args: Any, **options: Any) -> None:
        for translation in all_translations():
            translation.update()
            for word in translation.missing():
                self.stdout.write(f"{translation.po}: {word!r}")
