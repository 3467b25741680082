"""`manage.py rotate_signing_key`: tokens are signed with a new key from now on."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from config.cli.command import OperatorCommand
from orders.oauth.keys import rotate


class Command(OperatorCommand):
    name = "rotate_signing_key"
    help = "Sign tokens with a new key. Those that are about stay good until they expire."
    examples = """\
  manage.py rotate_signing_key                     good for a yearly cron job
  manage.py rotate_signing_key --json | jq -r .kid

Running web processes notice by themselves. Run it also after SECRET_KEY was changed, as the old key
can then not be opened any more.
"""

    def add_mode(self, parser: ArgumentParser) -> None:
        """One key signs for both modes."""

    def run(self, **options: Any) -> None:
        kid = rotate(at=timezone.now())
        self.answer({"kid": kid})
        self.say(f"Tokens are signed with {kid} from now on.")
