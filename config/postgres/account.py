"""Who the embedded server runs as. PostgreSQL refuses to run as root, so root needs a stand-in."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

NAME = "ordercopy"
NOBODY = "nobody"


def account_for(folder: Path) -> pwd.struct_passwd | None:
    """Answer the account that owns the server in `folder`, or None when that is ourselves.

    Whoever made the data keeps it; only for new data does root make an account.
    """
    if os.geteuid() != 0:
        return None
    if folder.exists() and (owner := folder.stat().st_uid) != 0:
        return pwd.getpwuid(owner)
    return _existing(NAME) or _new(NAME) or pwd.getpwnam(NOBODY)


def _existing(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _new(name: str) -> pwd.struct_passwd | None:
    useradd = shutil.which("useradd", path="/usr/sbin:/usr/bin:/sbin:/bin")
    if useradd is None:
        return None
    command = [useradd, "--system", "--no-create-home", "--shell", "/bin/false", name]
    subprocess.run(command, capture_output=True, check=False)  # a concurrent start may be first
    return _existing(name)
