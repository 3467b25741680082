"""`manage.py serve`: the whole shop in one terminal."""

import logging
import shlex
import socket
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections

from config.first_login import FIRST_MANAGER, create_first_manager
from config.postgres.base import DatabaseWrapper
from config.postgres.errors import EmbeddedServerFailed
from config.supervisor import Child, Supervisor

logger = logging.getLogger(__name__)

WEB_PROCESSES = "2"
LOOK_AT_DATABASE_EVERY = 2.0
FIRST_STEPS = (
    "For a token of the API, in another terminal; the first command shows an ID and a SECRET:\n"
    "  {python} manage.py create_api_client --name mine --kind integration --mode test\n"
    "  curl -s {shop}/oauth/token -d grant_type=client_credentials"
    " -d client_id=ID -d client_secret=SECRET\n"
    "Ctrl-C ends it."
)


def at_least_one(text: str) -> int:
    """Read a number of workers; without any, copies would wait for ever."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError(f"{text} is not a number of workers; one at least is needed")
    return int(text)


def web_server(application: str, address: str) -> list[str]:
    """The command that serves an application; gunicorn.conf.py has the rest of its settings."""
    return [
        *(sys.executable, "-m", "gunicorn", application),
        *("--bind", address, "--workers", WEB_PROCESSES),
        *("--graceful-timeout", "20", "--log-level", "warning", "--no-control-socket"),
        # Loaded once, before the processes part: they answer at once, and none can miss being
        # asked to end while it is still loading.
        "--preload",
    ]


class Command(BaseCommand):
    help = "Prepare the database, then run the web server and the worker until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--workers", type=at_least_one, default=1, help="how many worker processes"
        )

    def handle(self, *args: Any, workers: int, **options: Any) -> None:
        self._refuse_taken_port()
        database = cast("DatabaseWrapper", connection)
        if database.embedded is not None:
            database.embedded.ensure_tuned()
        call_command("migrate", interactive=False, verbosity=0)
        self._welcome(create_first_manager())
        connections.close_all()
        supervisor = Supervisor(self._children(workers), also=DatabaseWatch(database))
        supervisor.run()
        self.stdout.write("Ended.")
        if database.embedded is not None:
            self.stdout.write(
                "The database stays up for the next command; "
                "`manage.py embedded_postgres stop` ends it."
            )

    def _refuse_taken_port(self) -> None:
        family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.HOST, settings.PORT))
            except OSError as error:
                raise CommandError(
                    f"Cannot listen on {self._address}: {error.strerror}. Set HOST or PORT."
                ) from error

    def _welcome(self, password: str | None) -> None:
        shop = f"http://{self._address}"
        self.stdout.write(self.style.SUCCESS(f"ordercopy is on {shop}/"))
        self.stdout.write(f"  admin   {shop}/admin/\n  API     {shop}/api/docs")
        if password is not None:
            self.stdout.write(
                f"First login: user {FIRST_MANAGER}, password {password}\n"
                "It is shown this once, and you choose your own right after the login."
            )
        self.stdout.write(FIRST_STEPS.format(python=_python(), shop=shop))
        self.stdout.flush()

    def _children(self, workers: int) -> list[Child]:
        web = web_server("config.wsgi:application", self._address)
        worker = [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker"]
        commands = [("web server", web), *[("worker", worker)] * workers]
        return [Child(name, command, settings.BASE_DIR) for name, command in commands]

    @property
    def _address(self) -> str:
        host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
        return f"{host}:{settings.PORT}"


def _python() -> str:
    """The Python that runs, as it is called from the folder of the project."""
    python = Path(sys.executable)
    if python.is_relative_to(settings.BASE_DIR):
        python = python.relative_to(settings.BASE_DIR)
    return shlex.quote(str(python))


class DatabaseWatch:
    """Starts our own database server again when it was killed, even if no request asks for it."""

    def __init__(self, database: DatabaseWrapper) -> None:
        self.server = database.embedded
        self.look_at = 0.0

    def __call__(self) -> None:
        if self.server is None or time.monotonic() < self.look_at:
            return
        self.look_at = time.monotonic() + LOOK_AT_DATABASE_EVERY
        if self.server.pid is None:
            try:
                self.server.ensure_running()
            except EmbeddedServerFailed:
                logger.exception("The database is down; the next try is in a moment.")
