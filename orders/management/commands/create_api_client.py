"""`manage.py create_api_client`: credentials for a program that is to use the API."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from config.cli.command import OperatorCommand
from orders.audit import Who
from orders.models import ApiClient
from orders.oauth.clients import ClientRefused, create_client, market_called


class Command(OperatorCommand):
    name = "create_api_client"
    help = "Make an API client and show its secret, this once."
    examples = """\
  manage.py create_api_client --name ERP --kind integration --mode live
  manage.py create_api_client --name Storefront --kind sales_channel --market EU
  manage.py create_api_client --name ERP --kind integration --json | jq -r .client_secret

An integration may do everything in its mode. A webapp may do the same but for webhooks, API clients
and the organization's settings. A sales channel reads what its market sells and works on the orders
that it made itself.
"""

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="what people know it by")
        parser.add_argument("--kind", required=True, choices=ApiClient.Kind.values)
        parser.add_argument(
            "--market", metavar="ID_CODE_OR_NAME", help="where a sales channel sells"
        )

    def run(self, **options: Any) -> None:
        mode, market = options["mode"], options["market"]
        try:
            new = create_client(
                name=options["name"],
                kind=options["kind"],
                mode=mode,
                market=market_called(market, mode=mode) if market else None,
                who=Who.command(self.name),
            )
        except ClientRefused as error:
            raise CommandError(str(error)) from error
        client_id, secret = new.client.client_id, new.secret
        self.answer(
            {
                "client_id": client_id,
                "client_secret": secret,
                "kind": new.client.kind,
                "mode": mode,
            }
        )
        self.say(
            f"{new.client.name} ({new.client.kind}, {mode})",
            f"client_id      {client_id}",
            f"client_secret  {secret}",
            "The secret is shown this once; only a digest of it is kept.",
        )
