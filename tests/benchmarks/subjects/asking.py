"""How the subjects that work on copies come by them; this is not part of what is measured."""

from collections.abc import Sequence

from ordercopy.copies import create_copies
from ordercopy.options import CopyOptions
from orders.audit import Who

MODE = "test"
ASKER = Who.command("bench")


def ask_for_copies(source_ids: Sequence[str], *, wake: bool = False) -> list[str]:
    """Ask for plain copies, without anything that is placed or cancelled."""
    return create_copies(source_ids, mode=MODE, options=CopyOptions(), who=ASKER, wake=wake)
