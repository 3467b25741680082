"""Scopes: which market a token is for. Only sales channels are tied to one."""

from orders.models import ApiClient

EVERYWHERE = "market:all"


class ScopeRefused(ValueError):
    """The client cannot have a token for this."""


def granted(client: ApiClient, asked: str) -> str:
    """The scope of the client's token, if what it asked for (perhaps nothing) takes in all of it.

    All markets of a sales channel are the one that it is tied to. A scope that would narrow an
    integration's or a web app's token is refused: passing over it would hand out more than was
    asked for.
    """
    known = _scopes(client)
    for scope in asked.split():
        if scope not in known:
            raise ScopeRefused(f"This client's tokens are for {known[0]}.")
    return known[0]


def scope_of(client: ApiClient) -> str:
    """The scope that the client's tokens have."""
    return _scopes(client)[0]


def _scopes(client: ApiClient) -> list[str]:
    """The scopes that a client may ask for, the one that it gets first."""
    if client.market is None:
        return [EVERYWHERE]
    names = [f"id:{client.market.pk}", client.market.pk]
    if client.market.code:
        names.append(f"code:{client.market.code}")
    return [*(f"market:{name}" for name in names), EVERYWHERE]
