"""The base of the commands about copies."""

from config.cli.command import Failed, Interrupted
from config.cli.command import OperatorCommand as AnyOperatorCommand
from orders.audit import Who

__all__ = ["Failed", "Interrupted", "OperatorCommand"]


class OperatorCommand(AnyOperatorCommand):
    """An operator's command that leaves its name with what it does."""

    @property
    def who(self) -> Who:
        """The author of what the command does, as the audit trail names it."""
        return Who.command(self.name)
