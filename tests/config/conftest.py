"""Servers and commands of a test's own, beside the ones that everything else shares."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from config.postgres.cluster import DATABASE, USER
from config.postgres.embedded import EmbeddedServer

NEEDED_TO_RUN = ("PATH", "HOME", "PYTHONPATH")

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedServer]:
    """An embedded server that nobody has started yet."""
    server = EmbeddedServer(folder / "postgres")
    yield server
    server.stop()


@pytest.fixture
def manage(folder: Path) -> Command:
    """Runs one command as an operator would, with `environment` and a data folder of its own."""

    def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=bare_environment() | {"DATA_DIR": str(folder / "data")} | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


def bare_environment() -> dict[str, str]:
    """What a process needs to run at all: nothing that settings would read."""
    return {name: os.environ[name] for name in NEEDED_TO_RUN if name in os.environ}


def connect(server: EmbeddedServer) -> psycopg.Connection:
    """A plain connection, which does not wake a server up."""
    return psycopg.connect(
        host=str(server.socket_directory), user=USER, dbname=DATABASE, autocommit=True
    )
