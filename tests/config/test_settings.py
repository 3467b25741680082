"""The environment is read strictly: what is wrong is refused, in words that help."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from config.production import reasons_to_refuse
from config.secret_key import kept_secret_key
from tests.config.conftest import Command

SOUND: dict[str, Any] = {
    "secret_key": "k" * 50,
    "debug": False,
    "allowed_hosts": ["shop.example"],
    "database": {"HOST": "db.example", "PASSWORD": "tide-umbra-41"},
}


def at(host: str, password: str) -> dict[str, str]:
    return {"HOST": host, "PASSWORD": password}


def test_production_starts_when_all_is_said() -> None:
    assert list(reasons_to_refuse(**SOUND)) == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"secret_key": ""}, "SECRET_KEY is missing"),
        ({"secret_key": "short"}, "SECRET_KEY is too short"),
        ({"debug": True}, "DEBUG is on"),
        ({"allowed_hosts": []}, "ALLOWED_HOSTS is empty"),
        ({"allowed_hosts": ["*"]}, "ALLOWED_HOSTS is '*'"),
        ({"database": at("db.example", "")}, "DATABASE_URL goes to db.example"),
        ({"database": at("10.0.0.7", "Postgres")}, "DATABASE_URL goes to 10.0.0.7"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_production_refuses(wrong: dict[str, Any], says: str) -> None:
    (reason,) = reasons_to_refuse(**SOUND | wrong)

    assert reason.startswith(says)


@pytest.mark.parametrize("host", ["", "/run/postgresql", "localhost", "127.0.0.1", "::1"])
def test_a_database_on_this_machine_may_do_without_a_password(host: str) -> None:
    assert list(reasons_to_refuse(**SOUND | {"database": at(host, "")})) == []


def test_production_says_everything_that_is_wrong_at_once(manage: Command) -> None:
    ended = manage("migrate", ENVIRONMENT="production", DEBUG="yes")

    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    for name in ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS"):
        assert name in ended.stderr


def test_programs_insides_are_shown_to_nobody_who_did_not_ask(manage: Command) -> None:
    ask = "from django.conf import settings; print(settings.DEBUG)"

    said = [manage("shell", "-v0", "-c", ask, **to).stdout for to in ({}, {"DEBUG": "true"})]

    assert said == ["False\n", "True\n"]


def test_production_makes_no_secret_key_of_its_own(manage: Command, folder: Path) -> None:
    manage("check", ENVIRONMENT="production", ALLOWED_HOSTS="shop.example")

    assert not (folder / "data" / "secret_key").exists()


@pytest.mark.parametrize(
    "variable",
    [
        {"ENVIRONMENT": "staging"},
        {"DEBUG": "perhaps"},
        {"DEFAULT_MODE": "both"},
        {"PORT": "99999"},
        {"LOG_LEVEL": "loud"},
    ],
    ids=lambda variable: next(iter(variable)),
)
def test_a_bad_value_is_refused_by_name(manage: Command, variable: dict[str, str]) -> None:
    ended = manage("check", **variable)

    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert next(iter(variable)) in ended.stderr


def test_the_secret_key_is_kept_and_closed_to_others(tmp_path: Path) -> None:
    file = tmp_path / "data" / "secret_key"

    assert kept_secret_key(file) == kept_secret_key(file)
    assert len(kept_secret_key(file)) >= 50
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_processes_that_start_at_the_same_moment_agree_on_the_key(manage: Command) -> None:
    question = "from django.conf import settings; print(settings.SECRET_KEY)"

    with ThreadPoolExecutor() as pool:
        ended = list(pool.map(lambda _: manage("shell", "-v0", "-c", question), range(4)))

    assert len({process.stdout for process in ended}) == 1
    assert ended[0].stdout.strip()
