"""Commands run as an operator runs them, with what they print and answer."""

import io
import json
from dataclasses import dataclass
from typing import Any

from django.core.management import CommandError, call_command


@dataclass(frozen=True)
class Ran:
    """What a command printed and its exit code; ``error`` is the line that it failed with."""

    out: str
    err: str
    code: int
    error: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


def manage(command: str, *arguments: str) -> Ran:
    """Run a command in this process; it does not ask, unless the test answers."""
    out, err = io.StringIO(), io.StringIO()
    code, error = 0, ""
    try:
        call_command(command, *arguments, stdout=out, stderr=err)
    except CommandError as failure:
        code, error = failure.returncode, str(failure)
    return Ran(out.getvalue(), err.getvalue(), code, error)


def manage_json(command: str, *arguments: str) -> Any:
    """Run a command with ``--json`` and answer its document."""
    return manage(command, *arguments, "--json").document
