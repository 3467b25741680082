"""Real processes on the test's own database: workers to be stopped, killed and raced."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from django.conf import settings
from django.db import connection

Process = subprocess.Popen[str]


def environment() -> dict[str, str]:
    """The environment of a process that is to work on the test's database."""
    server = connection.get_connection_params()
    place = ":".join(
        quote(str(server[key]), safe="") for key in ("host", "port") if server.get(key)
    )
    user = ":".join(
        quote(str(server[key]), safe="") for key in ("user", "password") if server.get(key)
    )
    name = connection.settings_dict["NAME"]
    return {**os.environ, "DATABASE_URL": f"postgresql://{user}@{place}/{name}"}


def start(*arguments: str, errors: int = subprocess.STDOUT) -> Process:
    """Start a management command, with what it prints at hand; ``PIPE`` keeps its errors apart."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )


def kill(process: Process) -> None:
    """Let a process die without a chance to say anything."""
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)


def stop(process: Process) -> str:
    """Ask a process to end; answers what it printed."""
    process.send_signal(signal.SIGTERM)
    printed, _ = process.communicate(timeout=60)
    return printed


@contextmanager
def workers(count: int) -> Iterator[list[Process]]:
    """Workers that are ready; those still there at the end are stopped."""
    running = [start("worker") for _ in range(count)]
    try:
        for process in running:
            wait_until_ready(process)
        yield running
    finally:
        for process in running:
            if process.poll() is None:
                stop(process)


def wait_until_ready(process: Process) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if "is ready" in line:
            return
    raise AssertionError("the worker ended before it was ready")


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(is_so: Callable[[], bool], *, seconds: float = 60) -> None:
    give_up_at = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < give_up_at, "it took too long"
        time.sleep(0.05)


@contextmanager
def open_shop(said: Path) -> Iterator[str]:
    """Open the shop as `make serve` does, and answer its address; ``said`` gets what it prints."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with said.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=settings.BASE_DIR,
            env=environment() | {"PORT": str(port), "SECRET_KEY": settings.SECRET_KEY},
            stdout=output,
            stderr=subprocess.STDOUT,
        )

    def is_open() -> bool:
        assert process.poll() is None, said.read_text()
        try:
            with urlopen(f"{address}/healthz", timeout=5) as answer:  # noqa: S310 - our own loopback
                return bool(json.load(answer)["status"] == "ok")
        except OSError:
            return False

    try:
        wait_until(is_open)
        yield address
    finally:
        process.terminate()
        process.wait(60)
