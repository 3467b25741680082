from typing import Any

from django.core.management.base import BaseCommand

from orders.lifecycle.picture import picture


class Command(BaseCommand):
    help = "Print the lifecycle of orders as a Mermaid diagram, the one that README.md shows."
    requires_system_checks = ()

    def handle(self, **_options: Any) -> str:
        """Draw it from the table of moves."""
        return picture()
