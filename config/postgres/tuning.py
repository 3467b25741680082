"""How the embedded server is set up: sized to the machine, and the same after every start."""

import os
import sys
from pathlib import Path

PORT = 5432  # names the socket
MIB = 1024 * 1024
CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
# The server reads pages through its own cache. A quarter of the memory pays off; beyond 2 GB, a
# machine that also runs tests or a web server has better uses for it.
SHARED_BUFFERS_AT_LEAST, SHARED_BUFFERS_AT_MOST = 128, 2048
DETECTS_LOST_CLIENTS = sys.platform in ("linux", "darwin")


def memory_in_mib() -> int:
    """Answer the memory this process may use: the machine's, or less inside a container."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limits = [text for file in CGROUP_LIMITS if (text := _read(file)).isdecimal()]
    return min([machine, *map(int, limits)]) // MIB


def configuration(*, memory: int, socket_directory: Path) -> str:
    """Write the server's configuration file for a machine with `memory` MiB."""
    shared_buffers = min(max(memory // 4, SHARED_BUFFERS_AT_LEAST), SHARED_BUFFERS_AT_MOST)
    settings = {
        # Reached through a socket in a folder that only its owner may enter, never by network.
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": '"{}"'.format(str(socket_directory).replace('"', '""')),
        "max_connections": "200",
        # Memory
        "shared_buffers": f"{shared_buffers}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "maintenance_work_mem": f"{min(max(memory // 32, 64), 512)}MB",
        # Enough for what is sorted; a hash table, which gets no more, stays in a processor's cache.
        "work_mem": "6MB",
        # Every page written for the first time after a checkpoint is logged whole, and random ids
        # touch many pages: so checkpoints are rare. A commit is on disk before it is answered.
        "synchronous_commit": "on",
        "checkpoint_timeout": "15min",
        "max_wal_size": "4GB",
        "min_wal_size": "256MB",
        "wal_compression": "off",
        # Index pages are cached or on a solid-state disk, so a random read costs hardly more.
        "random_page_cost": "1.1",
        # A worker that is killed in the middle of a long statement lets go of its rows at once.
        "client_connection_check_interval": "250ms" if DETECTS_LOST_CLIENTS else "0",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # A week of logs, one file a day, each overwritten a week later.
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "%a.log",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_truncate_on_rotation": "on",
        "log_checkpoints": "off",
        "log_lock_waits": "on",
    }
    lines = [
        f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()
    ]
    return "\n".join(["# Written anew at every start; changes made here are lost.", *lines, ""])


def _read(file: Path) -> str:
    try:
        return file.read_text().strip()
    except OSError:
        return ""
