"""Run a command that ends when its parent ends, even if the parent was killed.

    python -m config.leash PARENT_PID COMMAND ...

Otherwise a killed `serve` would leave a web server behind that keeps the port.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: str, *command: str) -> None:
    """Tie ourselves to the parent, where the system can do that, and become the command."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != int(parent):  # it was gone before the leash held
            sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(*sys.argv[1:])
