"""Which Chromium the browser tests drive: the machine's own, else the one Playwright downloads."""

import os
import shutil
import subprocess
import sys
from functools import cache

from playwright.sync_api import Playwright

INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DOWNLOAD_SECONDS = 300
# How a skipped test says that this was the reason.
NO_BROWSER = "no browser: "


class NoBrowser(Exception):
    """There is no Chromium here, and none can be had."""


@cache
def machines_own() -> str | None:
    """Answer the path of a Chromium that is installed here; the variable CHROMIUM names another."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, INSTALLED)), None)


def executable(playwright: Playwright) -> str:
    """Answer the path of a Chromium; NoBrowser where there is none."""
    if own := machines_own():
        return own
    downloaded = playwright.chromium.executable_path
    if not os.path.exists(downloaded):  # noqa: PTH110 (Playwright gives a string)
        download()
    return downloaded


def download() -> None:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=DOWNLOAD_SECONDS)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise NoBrowser("No Chromium is installed, and Playwright could not get one.") from error
