"""What the database backend promises, and what it says when there is no database to use."""

import os
import signal
import socketserver
import threading
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection, connections

from config.postgres.base import DatabaseWrapper
from config.postgres.cluster import DATABASE, USER
from config.postgres.embedded import EmbeddedServer
from tests.config.conftest import Command
from tests.config.old_server import OldServer

NOBODY_LISTENS = "postgresql://ann:hush@127.0.0.1:1/shop"


@pytest.fixture
def old_server() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), OldServer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"postgresql://ann:hush@127.0.0.1:{server.server_address[1]}/shop"
        server.shutdown()


@pytest.fixture
def own_connection(server: EmbeddedServer) -> Iterator[DatabaseWrapper]:
    """A Django connection to an embedded server that only this test knows."""
    described = connections.settings["default"]
    wrapper = DatabaseWrapper(
        {**described, "NAME": DATABASE, "EMBEDDED_FOLDER": server.folder}, alias="default"
    )
    yield wrapper
    wrapper.close()


def ask(wrapper: DatabaseWrapper, question: str) -> object:
    """Ask one thing on a connection that is not the tests' shared one."""
    if wrapper.connection is None:
        wrapper.connect()
    with wrapper.connection.cursor() as cursor:
        return cursor.execute(question).fetchone()[0]


@pytest.mark.parametrize(
    "command",
    [
        ["migrate"],
        ["showmigrations"],
        ["runserver", "--noreload", "127.0.0.1:0"],
        ["serve"],
    ],
    ids=" ".join,
)
def test_an_unreachable_database_ends_a_command_in_one_line(
    manage: Command, command: list[str]
) -> None:
    ended = manage(*command, DATABASE_URL=NOBODY_LISTENS, PORT="18765")

    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert "DATABASE_URL names a server that cannot be used" in ended.stderr
    assert "hush" not in ended.stderr


def test_a_database_server_that_is_too_old_ends_a_command_in_one_line(
    manage: Command, old_server: str
) -> None:
    ended = manage("migrate", DATABASE_URL=old_server)

    assert ended.returncode == 1
    assert ended.stderr == (
        "Error: The database server is PostgreSQL 13.11, and ordercopy needs 14 or later.\n"
    )


@pytest.mark.parametrize("url", ["mysql://ann:hush@db.example/shop", "shop", "postgres://[/shop"])
def test_an_address_that_names_no_postgresql_is_refused(manage: Command, url: str) -> None:
    ended = manage("migrate", DATABASE_URL=url)

    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: DATABASE_URL ")
    assert len(ended.stderr.splitlines()) == 1
    assert "hush" not in ended.stderr


def test_commands_that_need_no_database_start_none(manage: Command) -> None:
    ended = manage("check")

    assert ended.returncode == 0, ended.stderr
    assert manage("embedded_postgres", "status").returncode == 3


@pytest.mark.django_db
def test_the_first_connection_starts_the_server(own_connection: DatabaseWrapper) -> None:
    assert ask(own_connection, "SELECT current_database()") == DATABASE


@pytest.mark.django_db
def test_a_new_connection_wakes_a_killed_server(
    own_connection: DatabaseWrapper, server: EmbeddedServer
) -> None:
    ask(own_connection, "SELECT 1")
    own_connection.close()
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)

    assert ask(own_connection, "SELECT 1") == 1


def test_a_server_of_somebody_elses_is_asked_to_look_for_lost_clients(
    manage: Command, server: EmbeddedServer
) -> None:
    server.ensure_running()
    question = (
        "from django.db import connection as c; q = c.cursor(); q.execute("
        "\"SELECT source FROM pg_settings WHERE name = 'client_connection_check_interval'\""
        "); print(*q.fetchone())"
    )

    url = f"postgresql://{USER}@{quote(str(server.socket_directory), safe='')}/{DATABASE}"
    ended = manage("shell", "-v0", "-c", question, DATABASE_URL=url)

    assert ended.stdout == "session\n", ended.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("plan_cache_mode", "force_generic_plan"),
        ("max_parallel_workers_per_gather", "0"),
        ("jit", "off"),
    ],
)
def test_what_is_prepared_is_planned_for_tables_of_any_size(setting: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [setting])
        assert cursor.fetchone() == (value,)


@pytest.mark.django_db
def test_statements_may_be_prepared_where_they_ask_for_it() -> None:
    connection.ensure_connection()

    assert connection.connection.prepare_threshold == 1_000_000
    assert settings.DATABASES["default"]["ENGINE"] == "config.postgres"


@pytest.mark.django_db(transaction=True)
def test_jobs_of_one_test_are_written_in_earnest() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('q', 'leaked')"
        )


@pytest.mark.django_db
def test_no_job_of_another_test_is_left() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (0,)
