"""Who is asking: what the dialect needs to know about the bearer of a token."""

from typing import Any, Protocol


class Caller(Protocol):
    """An API client; authentication puts one into ``request.auth``."""

    mode: str  # "test" or "live": the only world that it sees
    kind: str
    client_id: str
    market_id: str | None
    who: Any  # for the audit trail

    def __hash__(self) -> int:
        """Callers with equal members are the same: what is worked out for one is kept for it."""
        ...

    def may_write(self, resource: str, name: str) -> bool:
        """Whether it may send this attribute, relationship or trigger."""
        ...

    def may(self, action: str, resource: str) -> bool:
        """Whether it may list, retrieve, create, update or delete resources of that type."""
        ...
