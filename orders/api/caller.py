"""Who asks: the client behind a request, as its token and the database tell it."""

from dataclasses import dataclass

from orders.api import permissions
from orders.audit import Who


@dataclass(frozen=True)
class Caller:
    """An API client at work; views find it as ``request.auth``."""

    id: str
    client_id: str
    name: str
    kind: str
    mode: str
    market_id: str | None
    organization_id: str

    @property
    def who(self) -> Who:
        """The client, as the audit trail names it."""
        return Who("client", self.name, self.id)

    def may(self, action: str, resource: str) -> bool:
        """Whether it may list, retrieve, create, update or delete resources of that type."""
        return permissions.may(self.kind, action, resource)

    def may_write(self, resource: str, name: str) -> bool:
        """Whether it may send this attribute, relationship or trigger."""
        return permissions.may_write(self.kind, resource, name)
