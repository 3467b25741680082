"""API clients from the command line."""

import importlib

import pytest
from django.utils import timezone

from config.cli.command import BAD_USAGE, OperatorCommand
from orders.models import ApiClient, EventStore
from orders.oauth import tokens
from tests.factories import shop
from tests.ordercopy.commands.running import manage, manage_json
from tests.orders.api.credentials import ask_for_token, credentials

pytestmark = pytest.mark.django_db

COMMANDS = ("create_api_client", "list_api_clients", "revoke_api_client", "rotate_signing_key")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_are_understood(name: str) -> None:
    module = importlib.import_module(f"orders.management.commands.{name}")
    command: OperatorCommand = module.Command()
    parser = command.create_parser("manage.py", name)
    examples = [line for line in command.examples.splitlines() if f"manage.py {name}" in line]

    assert examples
    for line in examples:
        parser.parse_args(line.split("   ")[0].split(" | ")[0].split()[2:])


@pytest.mark.parametrize("kind", ["integration", "webapp"])
def test_what_a_script_gets_opens_the_door(kind: str) -> None:
    made = manage_json("create_api_client", "--name", "ERP", "--kind", kind, "--mode", "live")

    assert set(made) == {"client_id", "client_secret", "kind", "mode"}
    assert (made["kind"], made["mode"]) == (kind, "live")
    assert (made["client_id"] + made["client_secret"]).isalnum()
    answer = ask_for_token({"grant_type": "client_credentials", **made})
    assert tokens.read(answer.json()["access_token"])["test"] is False


@pytest.mark.parametrize("attribute", ["pk", "code", "name"])
def test_a_sales_channel_is_made_for_a_market(attribute: str) -> None:
    market = shop(code="EU").market
    named = str(getattr(market, attribute))

    made = manage_json(
        *("create_api_client", "--name", "Shop", "--kind", "sales_channel", "--market", named)
    )

    assert ApiClient.objects.get(client_id=made["client_id"]).market == market


def test_a_market_is_where_a_sales_channel_is_and_nobody_else() -> None:
    shop("live", code="EU")
    make = ("create_api_client", "--name", "X", "--kind")

    for arguments, reason in (
        (("sales_channel",), "A sales channel needs a market."),
        (("sales_channel", "--market", "EU"), "There is no market 'EU' in test mode."),
        (("webapp", "--mode", "live", "--market", "EU"), "Only a sales channel has a market."),
    ):
        ran = manage(*make, *arguments)
        assert (ran.code, ran.error) == (1, reason)
    assert not ApiClient.objects.exists()


def test_a_person_is_shown_the_secret_once() -> None:
    shown = manage("create_api_client", "--name", "ERP", "--kind", "integration").out
    client = ApiClient.objects.get()
    secret = shown.split("client_secret")[1].split()[0]

    assert client.client_id in shown
    assert client.has_secret(secret)
    assert secret not in manage("list_api_clients").out


def test_clients_are_listed_by_mode() -> None:
    mine = credentials().client
    credentials(mode="live")

    (listed,) = manage_json("list_api_clients")

    assert (listed["client_id"], listed["name"]) == (mine.client_id, mine.name)
    assert "secret" not in "".join(listed)
    assert mine.name in manage("list_api_clients").out


@pytest.mark.parametrize("attribute", ["client_id", "pk", "name"])
def test_a_client_is_revoked_once(attribute: str) -> None:
    mine = credentials()
    named = str(getattr(mine.client, attribute))

    assert manage_json("revoke_api_client", named)["revoked"] is True

    assert ask_for_token(mine.parameters).status_code == 401
    assert manage_json("revoke_api_client", mine.client.client_id)["revoked"] is False


def test_of_several_clients_with_one_name_none_is_revoked() -> None:
    mine = credentials()
    credentials()
    ApiClient.objects.update(name="ERP")

    assert "give a client_id" in manage("revoke_api_client", "ERP").error
    assert "no API client" in manage("revoke_api_client", mine.client.pk, "--mode", "live").error


def test_the_audit_trail_tells_of_making_and_revoking() -> None:
    made = manage_json("create_api_client", "--name", "ERP", "--kind", "integration")
    manage("revoke_api_client", made["client_id"])

    entries = EventStore.objects.filter(resource_type="applications").order_by("created_at", "id")

    assert sorted((entry.event, entry.who["command"]) for entry in entries) == [
        ("create", "create_api_client"),
        ("update", "revoke_api_client"),
    ]
    assert made["client_secret"] not in str([entry.payload for entry in entries])


def test_a_rotated_key_signs_and_old_tokens_stay_good() -> None:
    mine = credentials()
    old = mine.token()

    kid = manage_json("rotate_signing_key")["kid"]

    assert tokens.read(old)
    assert tokens.signing_key().kid == kid
    assert tokens.read(tokens.issue(mine.client, scope="", at=timezone.now()))


def test_an_unknown_kind_is_refused_in_one_line() -> None:
    ran = manage("create_api_client", "--name", "X", "--kind", "robot")

    assert ran.code in {1, BAD_USAGE}
    assert "robot" in ran.error
