"""`manage.py list_api_clients`: which programs may use the API."""

from typing import Any

from config.cli.command import OperatorCommand
from config.cli.output import moment, table
from orders.models import ApiClient


class Command(OperatorCommand):
    name = "list_api_clients"
    help = "List the API clients of a mode, the latest first."
    examples = """\
  manage.py list_api_clients
  manage.py list_api_clients --mode live --json | jq -r '.[] | select(.revoked_at == null).name'
"""

    def run(self, **options: Any) -> None:
        clients = list(
            ApiClient.objects.filter(mode=options["mode"])
            .select_related("market")
            .order_by("-created_at", "-id")
        )
        self.answer([_document(client) for client in clients])
        if clients:
            headers = ["name", "kind", "market", "client_id", "last used", "revoked"]
            self.say(table(headers, [_row(client) for client in clients]))
        else:
            self.say(f"No API clients in {options['mode']}.")


def _row(client: ApiClient) -> list[str]:
    return [
        client.name,
        client.kind,
        str(client.market or "–"),
        client.client_id,
        moment(client.last_used_at),
        moment(client.revoked_at),
    ]


def _document(client: ApiClient) -> dict[str, Any]:
    return {
        "id": client.pk,
        "client_id": client.client_id,
        "name": client.name,
        "kind": client.kind,
        "mode": client.mode,
        "market_id": client.market_id,
        "created_at": client.created_at,
        "last_used_at": client.last_used_at,
        "revoked_at": client.revoked_at,
    }
