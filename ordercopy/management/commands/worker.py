"""`manage.py worker`: runs copies as they are asked for, and those that a crash left behind."""

import asyncio
import signal
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from procrastinate.contrib.django import app

from ordercopy import working
from ordercopy.engine.schema import DatabaseIsNewer, refuse_unknown_columns
from ordercopy.sweeping import Sweeper

SECONDS_TO_SAY_GOODBYE = 10.0


class Command(BaseCommand):
    help = """Run order copies as they are asked for, until stopped.

Start as many workers as you like, on as many machines as you like: all they need is the same
DATABASE_URL, with the same database user and no transaction pooler in between. On SIGTERM or Ctrl-C
a worker finishes the batch at hand and ends. A worker that is killed loses nothing: the others take
up its copies within two seconds.

examples:
  manage.py worker
  DATABASE_URL=postgresql://shop:secret@db.example/shop manage.py worker
"""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            refuse_unknown_columns()
        except DatabaseIsNewer as error:
            raise CommandError(str(error)) from error
        connection.close()
        if options["verbosity"]:
            self.stdout.write(f"worker {working.worker_name()} is ready; Ctrl-C ends it")
            self.stdout.flush()
        sweeper = Sweeper()
        sweeper.start()
        try:
            asyncio.run(self.work())
        finally:
            working.stopping.set()
            sweeper.join()
        if options["verbosity"]:
            self.stdout.write("worker ended")

    async def work(self) -> None:
        """Run jobs until a signal comes; then let the running one come to the end of its batch."""
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        with app.replace_connector(connector) as worker_app:
            async with worker_app.open_async():
                jobs = asyncio.ensure_future(
                    worker_app.run_worker_async(
                        name=working.worker_name(),
                        concurrency=1,
                        fetch_job_polling_interval=1,
                        delete_jobs="always",
                        install_signal_handlers=False,
                    )
                )
                loop = asyncio.get_running_loop()
                for number in (signal.SIGTERM, signal.SIGINT):
                    loop.add_signal_handler(number, self.stop, jobs)
                try:
                    await jobs
                except asyncio.CancelledError:
                    if not working.stopping.is_set():
                        raise

    def stop(self, jobs: "asyncio.Future[None]") -> None:
        """Ask for the end; a queue that cannot say goodbye to the database is not waited for long.

        The batch at hand comes to its end in any case: its thread is waited for.
        """
        working.stopping.set()
        jobs.cancel()
        asyncio.get_running_loop().call_later(SECONDS_TO_SAY_GOODBYE, jobs.cancel)
