"""The web server as ``serve`` starts it, on a benchmark's database."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings

from config.management.commands.serve import web_server
from tests.benchmarks.api.bare import ANSWERS
from tests.benchmarks.databases import BenchDatabase
from tests.processes import free_port

GIVE_UP_SECONDS = 60.0


@contextmanager
def running_server(*, database: BenchDatabase, answers: Path, log: Path) -> Iterator[int]:
    """A server that answers; gives its port. It ends with the block."""
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": database.url,
        "ALLOWED_HOSTS": "127.0.0.1",
        ANSWERS: str(answers),
    }
    command = web_server("tests.benchmarks.api.wsgi:application", f"127.0.0.1:{port}")
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stdout=output, stderr=output
        )
        try:
            _wait_until_it_answers(process, port, log)
            yield port
        finally:
            process.terminate()
            process.wait(GIVE_UP_SECONDS)


def _wait_until_it_answers(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    give_up_at = time.monotonic() + GIVE_UP_SECONDS
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/.well-known/jwks.json", timeout=5):
                return
        except (URLError, ConnectionError):
            if process.poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError(f"the web server does not answer: see {log}") from None
            time.sleep(0.1)
