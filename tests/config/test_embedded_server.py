"""The embedded PostgreSQL is there when it is needed, whatever happened to it before."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings

from config.postgres.cluster import CONFIGURATION_FILE
from config.postgres.embedded import EmbeddedServer
from config.postgres.errors import EmbeddedServerFailed
from config.postgres.tuning import configuration
from tests.config.conftest import bare_environment, connect

START = (
    "import sys; from pathlib import Path; from config.postgres.embedded import EmbeddedServer;"
    "server = EmbeddedServer(Path(sys.argv[1])); server.ensure_running(); print(server.pid)"
)


def start_elsewhere(server: EmbeddedServer) -> "subprocess.Popen[str]":
    """Start the server from another process, as a second command would."""
    return subprocess.Popen(
        [sys.executable, "-c", START, str(server.folder)],
        cwd=settings.BASE_DIR,
        env=bare_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )


def kill(server: EmbeddedServer) -> None:
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)


@pytest.mark.parametrize(
    "name", ["postgres", 'it\'s "ours", $HOME and ü', "/".join(["a long way down"] * 9)]
)
def test_a_server_starts_in_any_folder(folder: Path, name: str) -> None:
    server = EmbeddedServer(folder / name)
    try:
        server.ensure_running()
        with connect(server) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.stop()
    assert not server.has_socket
    assert server.socket_directory == server.folder or not server.socket_directory.exists()


def test_nobody_else_may_enter_and_nothing_listens_on_the_network(server: EmbeddedServer) -> None:
    server.ensure_running()

    assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
    with connect(server) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_killed_server_comes_back_with_all_that_was_committed(server: EmbeddedServer) -> None:
    server.ensure_running()
    with connect(server) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")

    kill(server)
    server.ensure_running()

    with connect(server) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_a_statement_that_outlives_the_killed_server_does_not_hold_up_the_next(
    server: EmbeddedServer,
) -> None:
    server.ensure_running()
    with connect(server) as connection:
        busy = threading.Thread(target=run_until_cut_off, args=[connection])
        busy.start()
        time.sleep(0.3)

        kill(server)
        server.ensure_running()
        busy.join(timeout=20)

    assert not busy.is_alive()


def test_a_folder_deleted_under_its_server_gets_a_new_one(server: EmbeddedServer) -> None:
    server.ensure_running()
    deserted = server.pid
    shutil.rmtree(server.folder)

    server.ensure_running()

    assert deserted is not None
    assert not psutil.pid_exists(deserted) or psutil.Process(deserted).status() == "zombie"


def run_until_cut_off(connection: psycopg.Connection) -> None:
    with suppress(psycopg.OperationalError):
        connection.execute("SELECT count(*) FROM generate_series(1, 1e10)")


def test_a_number_that_is_another_programs_by_now_does_not_pass_for_the_server(
    server: EmbeddedServer,
) -> None:
    server.ensure_running()
    kill(server)
    postmaster_file = server.data / "postmaster.pid"
    _, *rest = postmaster_file.read_text().splitlines()
    postmaster_file.write_text("\n".join([str(os.getpid()), *rest]))

    assert server.pid is None
    server.ensure_running()
    assert server.pid not in {None, os.getpid()}


def test_processes_that_start_at_the_same_moment_share_one_server(server: EmbeddedServer) -> None:
    starters = [start_elsewhere(server) for _ in range(4)]

    answers = {starter.communicate(timeout=60)[0] for starter in starters}

    assert answers == {f"{server.pid}\n"}


def test_a_starter_killed_while_it_makes_the_cluster_leaves_no_half_of_one(
    server: EmbeddedServer,
) -> None:
    with start_elsewhere(server) as starter:
        while not (server.folder / "data.new" / "PG_VERSION").exists():
            assert starter.poll() is None
            time.sleep(0.005)
        starter.kill()

    assert not server.data.exists()
    server.ensure_running()
    assert server.pid is not None


def test_a_client_killed_in_a_long_statement_lets_go_of_its_rows(server: EmbeddedServer) -> None:
    server.ensure_running()
    hold = (
        "import sys, psycopg; c = psycopg.connect(sys.argv[1]); c.execute('LOCK TABLE held');"
        "print('holding', flush=True); c.execute('SELECT pg_sleep(60)')"
    )
    with connect(server) as connection:
        connection.execute("CREATE TABLE held ()")
        address = connection.info.dsn
        with subprocess.Popen(
            [sys.executable, "-c", hold, address], stdout=subprocess.PIPE, text=True
        ) as client:
            assert client.stdout is not None
            assert client.stdout.readline() == "holding\n"
            client.kill()

        connection.execute("SET lock_timeout = '5s'")
        connection.execute("DROP TABLE held")


def test_new_settings_are_applied_by_a_restart_and_old_ones_cost_none(
    server: EmbeddedServer,
) -> None:
    server.ensure_running()
    started_first = server.pid
    server.ensure_tuned()
    assert server.pid == started_first

    (server.data / CONFIGURATION_FILE).write_text("# of an earlier release\n")
    assert not server.is_tuned
    server.ensure_tuned()
    assert server.is_tuned
    assert server.pid not in {None, started_first}


@pytest.mark.parametrize(
    ("memory", "expected"),
    [(256, "128MB"), (4096, "1024MB"), (24 * 1024, "2048MB")],
)
def test_the_cache_is_a_quarter_of_the_memory_within_bounds(memory: int, expected: str) -> None:
    text = configuration(memory=memory, socket_directory=Path("/somewhere"))

    assert f"shared_buffers = '{expected}'" in text


def test_stopping_says_whether_there_was_a_server_to_stop(server: EmbeddedServer) -> None:
    assert not server.stop()
    server.ensure_running()
    assert server.stop()
    assert not server.stop()


def test_a_server_that_cannot_start_says_why_in_one_line(server: EmbeddedServer) -> None:
    server.ensure_running()
    server.stop()
    with (server.data / "postgresql.conf").open("a") as settings_file:
        settings_file.write("shared_buffers = 'plenty'\ninclude = 'missing.conf'\n")

    with pytest.raises(EmbeddedServerFailed, match=r"does not start: .*FATAL") as refusal:
        server.ensure_running()
    assert "\n" not in str(refusal.value)


def test_data_of_a_release_that_is_gone_is_refused_in_words(server: EmbeddedServer) -> None:
    server.ensure_running()
    server.stop()
    version_file = server.data / "PG_VERSION"
    made_with = version_file.read_text()
    version_file.write_text("9\n")

    with pytest.raises(EmbeddedServerFailed, match="made by PostgreSQL 9"):
        server.ensure_running()
    version_file.write_text(made_with)
