"""The embedded server's process, told from whatever else may bear its number by now."""

import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from config.postgres.folders import SOCKET_NAME

ORPHANS_END_WITHIN = 10


def postmaster_of(data: Path) -> psutil.Process | None:
    """Answer the living postmaster of the cluster in `data`, or None.

    After a kill, the number in its file may be a zombie's or, in a container that was started
    again, another program's: neither counts.
    """
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        process = psutil.Process(pid)
        return process if _works_in(process, data) else None
    except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
        return None


def clear_away_the_dead(data: Path, socket_directory: Path) -> None:
    """Remove what a killed postmaster left; only for a cluster without a living one.

    Its children may be busy for a while with a statement that nobody waits for, and would keep a
    new server from starting: they are asked to drop everything, as the postmaster would have done.
    The same goes for a whole server whose folder was deleted under it.
    """
    orphans = list(_processes_in(data))
    for orphan in orphans:
        with suppress(psutil.NoSuchProcess):  # one that ends may take others along
            orphan.send_signal(signal.SIGQUIT)
    psutil.wait_procs(orphans, timeout=ORPHANS_END_WITHIN)
    (data / "postmaster.pid").unlink(missing_ok=True)
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (socket_directory / name).unlink(missing_ok=True)


def _processes_in(data: Path) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if _works_in(process, data, when_hidden=False):
                yield process
        except psutil.NoSuchProcess:
            continue


def _works_in(process: psutil.Process, data: Path, *, when_hidden: bool = True) -> bool:
    """Tell whether this is a PostgreSQL process of this cluster; they all work in its folder.

    Containers may hide the folder of another account's process even from root: `when_hidden`.
    """
    if process.status() == psutil.STATUS_ZOMBIE or process.name() != "postgres":
        return False
    try:
        return Path(process.cwd()) == data.resolve()
    except psutil.AccessDenied:
        return when_hidden
