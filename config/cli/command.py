"""The base of the operator's commands: one way to ask, to answer and to fail."""

import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any, ClassVar

from django.conf import settings
from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    DjangoHelpFormatter,
)
from django.db import InterfaceError, OperationalError

from config.cli.output import as_json, clean

BAD_USAGE = 2  # what every argparse program answers
INTERRUPTED = 130  # what a shell answers for a program that Ctrl-C ended


class Failed(CommandError):
    """The command did what it was asked, and the outcome is not good. Its report says how."""


class Interrupted(CommandError):
    """Somebody stopped the command before it was through."""

    def __init__(self, message: str) -> None:
        super().__init__(message, returncode=INTERRUPTED)


class _HelpFormatter(RawDescriptionHelpFormatter, DjangoHelpFormatter):
    """Keeps the examples as they were written, and Django's own options at the end."""


class OperatorCommand(BaseCommand):
    """Takes ``--json`` and ``--mode``, and ends in one line whatever goes wrong.

    ``examples`` stands below the options in ``--help``.
    """

    name: ClassVar[str]
    examples: ClassVar[str]
    in_json = False
    # Django's own options work as ever; in the help they would bury ours.
    suppressed_base_arguments = {
        *("--version", "--verbosity", "--settings", "--pythonpath", "--traceback"),
        *("--no-color", "--force-color", "--skip-checks"),
    }

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(
            prog_name,
            subcommand,
            formatter_class=_HelpFormatter,
            epilog=f"examples:\n{self.examples}",
            **kwargs,
        )
        parser.called_from_command_line = False  # a wrong option is one line, not the whole usage
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        self.add_own_arguments(parser)
        self.add_mode(parser)
        parser.add_argument(
            "--json", action="store_true", help="print one JSON document and nothing else"
        )

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add what this command takes beyond the rest."""

    def add_mode(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--mode",
            choices=settings.MODES,
            default=settings.DEFAULT_MODE,
            help=f"test data or live data (without it: {settings.DEFAULT_MODE})",
        )

    def run_from_argv(self, argv: list[str]) -> None:
        """Run from the shell; Ctrl-C and a pipe that closes are no reasons for a traceback."""
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        try:
            super().run_from_argv(argv)
            sys.stdout.flush()
        except CommandError as error:
            sys.stderr.write(f"{clean(error)} (see --help)\n")
            sys.exit(BAD_USAGE)
        except KeyboardInterrupt:
            sys.stderr.write("Interrupted.\n")
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            # Whoever read the output has seen enough; Python would complain once more at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except (OperationalError, InterfaceError) as error:
            reason = " ".join(str(error).split())
            raise CommandError(f"The database does not answer: {reason}") from error

    def say(self, *lines: str) -> None:
        """Tell a person; scripts that asked for JSON hear nothing of it."""
        if not self.in_json:
            for line in lines:
                self.stdout.write(line)

    def warn(self, line: str) -> None:
        """Tell a person on the error output, where it is in nobody's way."""
        self.stderr.write(line)

    def answer(self, document: object) -> None:
        """Give a script its one document."""
        if self.in_json:
            self.stdout.write(as_json(document))

    def handle(self, *args: Any, **options: Any) -> None:
        self.in_json = options["json"]
        self.run(**options)

    def run(self, **options: Any) -> None:
        """Do what the command is for."""
        raise NotImplementedError

    def confirm(self, question: str, *, yes: bool) -> None:
        """Ask before something starts, off standard output, which scripts read."""
        if yes:
            return
        self.stderr.write(f"{question} [y/N] ", ending="")
        self.stderr.flush()
        answer = sys.stdin.readline()
        if not answer:
            self.stderr.write("")
            raise CommandError("Nobody is there to answer, so nothing was done. Say --yes.")
        if answer.strip().lower() not in {"y", "yes"}:
            raise CommandError("Nothing was done.")
