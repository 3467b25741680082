"""Making a new database cluster, so that it is either there and complete or not there at all."""

import shutil

from config.postgres.errors import EmbeddedServerFailed
from config.postgres.programs import Programs

DATABASE = "ordercopy"
USER = "postgres"
CONFIGURATION_FILE = "ordercopy.conf"

LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
# Whoever can enter the folder of the socket may connect: nobody else gets as far as a password.
ACCESS = (f"--username={USER}", "--auth-local=trust", "--auth-host=reject")


def make_cluster(programs: Programs, *, lock: int) -> None:
    """Make the cluster beside its place, with our database in it, and move it there at the end.

    The programs inherit `lock`: should we be killed meanwhile, the next starter waits for them
    before it clears away what they were writing.
    """
    draft = programs.data.with_name("data.new")
    shutil.rmtree(draft, ignore_errors=True)
    _run(programs, lock, "initdb", "-D", draft.name, *LOCALE, *ACCESS)
    _run(
        *(programs, lock, "postgres", "--single", "-D", draft.name, "postgres"),
        typed=f"CREATE DATABASE {DATABASE}\n",
    )
    with (draft / "postgresql.conf").open("a") as settings:
        settings.write(f"include_if_exists = '{CONFIGURATION_FILE}'\n")
    draft.rename(programs.data)


def _run(programs: Programs, lock: int, name: str, *arguments: str, typed: str = "") -> None:
    result = programs.run(name, *arguments, input=typed, capture_output=True, pass_fds=[lock])
    if result.returncode != 0:
        reason = " ".join(result.stderr.split())
        raise EmbeddedServerFailed(f"The embedded PostgreSQL cannot be made: {reason}")
