"""What every test may count on."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from tests.browser.chromium import NO_BROWSER
from tests.staff import StaffClient, colleague

JOB_TABLES = (
    "procrastinate_jobs",
    "procrastinate_events",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
)


def commits(request: pytest.FixtureRequest) -> bool:
    """Tell whether a test writes in earnest, instead of in a transaction that is rolled back."""
    marker = request.node.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or bool(
        {"transactional_db", "live_server"} & set(request.fixturenames)
    )


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_found_when_asked_for() -> None:
    """WhiteNoise would list all of them for every client of every test: most of a test's time."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def _empty_job_queue(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave no job to the next test: Django does not clear tables that it does not manage."""
    if not commits(request):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(JOB_TABLES)} CASCADE")


@pytest.fixture(autouse=True)
def _no_language_is_left_behind() -> Iterator[None]:
    """Leave the next test the usual language: Django's client keeps that of its last answer."""
    yield
    translation.deactivate()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for a server's data.

    Not `tmp_path`: run as root, the server belongs to another account, and any pytest that starts
    on this machine closes the parent of every `tmp_path` to other accounts again.
    """
    with TemporaryDirectory(prefix="ordercopy-") as name:
        yield Path(name)


@pytest.fixture
def admin_client(admin_user: Any) -> StaffClient:
    """The operator of the installation, who may do everything."""
    return StaffClient(admin_user)


@pytest.fixture
def staff(db: None) -> Callable[..., StaffClient]:
    """Somebody in a role at work: ``staff("viewer")``, ``staff("operator", mode="live")``."""

    def log_in(role: str | None, *, mode: str | None = None) -> StaffClient:
        return StaffClient(colleague(role), mode)

    return log_in


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly which tests of the pages did not run, when there was no browser to run them in."""
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and NO_BROWSER in report.longrepr[2]
    ]
    if not skipped:
        return
    terminalreporter.section("THE PAGES WERE NOT TESTED", sep="!", red=True, bold=True)
    terminalreporter.line(skipped[0].longrepr[2])
    terminalreporter.line("Install Chromium (apt-get install chromium) and run these again:")
    for report in skipped:
        terminalreporter.line(f"  {report.nodeid}")
