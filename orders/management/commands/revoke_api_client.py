"""`manage.py revoke_api_client`: a program's credentials and tokens are worth nothing any more."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db.models import Q
from django.utils import timezone

from config.cli.command import OperatorCommand
from orders.audit import Who
from orders.models import ApiClient
from orders.oauth.clients import revoke_client


class Command(OperatorCommand):
    name = "revoke_api_client"
    help = "End an API client: its secret and all its tokens stop working at once, for ever."
    examples = """\
  manage.py revoke_api_client 3nQxYtcPS8sTkXbb1k2hQYkFvWmTpnbV0oX1a2b3c4d
  manage.py revoke_api_client ERP --mode live             by name, if only one is called so
"""

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("client", metavar="CLIENT_ID_OR_NAME")

    def run(self, **options: Any) -> None:
        client = _client_called(options["client"], mode=options["mode"])
        revoked = revoke_client(client, who=Who.command(self.name), at=timezone.now())
        self.answer({"client_id": client.client_id, "name": client.name, "revoked": revoked})
        self.say(f"{client.name} {'is' if revoked else 'was already'} revoked.")


def _client_called(name: str, *, mode: str) -> ApiClient:
    """The client with this id or, if it is the only one in use that has it, this name."""
    called = Q(client_id=name) | Q(pk=name) | Q(name=name, revoked_at=None)
    clients = list(ApiClient.objects.filter(called, mode=mode)[:2])
    if not clients:
        raise CommandError(f"There is no API client {name!r} in {mode} mode.")
    if len(clients) > 1:
        raise CommandError(f"Several API clients are called {name!r}: give a client_id.")
    return clients[0]
