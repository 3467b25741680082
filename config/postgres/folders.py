"""The folders of the embedded server: closed to everyone but the account it runs as."""

import hashlib
import os
import pwd
import stat
from pathlib import Path

from config.postgres.errors import EmbeddedServerFailed

# A socket's address is a fixed field of the kernel's: 104 bytes on macOS, 108 on Linux.
LONGEST_SOCKET_PATH = 100
SOCKET_NAME = ".s.PGSQL.5432"
SHORT_FOLDER = Path("/tmp")  # noqa: S108 - its folders below are made private, see private_folder


def socket_directory_for(folder: Path) -> Path:
    """Answer where the socket of the server in `folder` is: there, or in a short place of its own.

    It follows from the path alone, so that every process finds it without asking. A comma would
    read as two hosts.
    """
    fits = len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
    if fits and "," not in str(folder):
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return SHORT_FOLDER / f"ordercopy-{digest}"


def private_folder(folder: Path, account: pwd.struct_passwd | None) -> None:
    """Make `folder` and close it to others; refuse one that somebody else put there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account is not None and folder.stat().st_uid == 0:
        os.chown(folder, account.pw_uid, account.pw_gid)
    owner = os.geteuid() if account is None else account.pw_uid
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != owner:
        raise EmbeddedServerFailed(
            f"{folder} belongs to another user: run this command as that user, or set DATA_DIR."
        )
    folder.chmod(0o700)


def let_pass(folder: Path) -> None:
    """Let the server's account walk through the parents of `folder`, without listing them."""
    for parent in folder.absolute().parents:
        if not parent.stat().st_mode & stat.S_IXOTH:
            parent.chmod(parent.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)


def let_read(folder: Path) -> None:
    """Let the server's account run the programs in `folder`, though a strict umask closed them."""
    let_pass(folder)
    for path in [folder, *folder.rglob("*")]:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            continue
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if wanted != mode:
            path.chmod(wanted)
