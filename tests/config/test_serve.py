"""`serve` runs a whole shop, and leaves nothing behind that it started."""

import json
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import Request, urlopen

import psutil
import pytest
from django.conf import settings

from config.postgres.embedded import EmbeddedServer
from config.supervisor import FIRST_PAUSE, LONGEST_PAUSE, Child
from tests.config.conftest import bare_environment
from tests.processes import free_port, wait_until


class Shop:
    """A `serve` of the test's own, with what it printed."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}/admin/login/"
        self.output = folder / "output"
        with self.output.open("w") as output:
            self.process = psutil.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=settings.BASE_DIR,
                env=bare_environment() | {"DATA_DIR": str(folder), "PORT": str(self.port)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def close(self) -> None:
        with suppress(psutil.NoSuchProcess):
            self.process.terminate()
        self.process.wait(60)

    def answers(self) -> bool:
        assert self.process.poll() in {None, 0, -signal.SIGKILL}, self.output.read_text()
        try:
            with urlopen(self.address, timeout=5) as answer:  # noqa: S310 - our own loopback
                return bool(answer.status == 200)
        except OSError:
            return False

    def say(self, head: str) -> tuple[int, dict[str, Any]]:
        """Send a request as it is written, and answer the status and the document that came."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(f"{head}\r\n\r\n".encode())
            response = HTTPResponse(connection)
            response.begin()
            return response.status, json.loads(response.read())

    def web_servers(self) -> list[psutil.Process]:
        """The parent of the web processes; none for the moment in which it is replaced."""
        return [
            child
            for child in self.process.children()
            if "gunicorn" in child.as_dict(["cmdline"], ad_value=[])["cmdline"]
        ]


@contextmanager
def open_shop(folder: Path) -> Iterator[Shop]:
    shop = Shop(folder)
    try:
        wait_until(shop.answers, seconds=120)
        yield shop
    finally:
        shop.close()


@pytest.fixture(scope="module")
def known_shop() -> Iterator[tuple[Path, str]]:
    """The data of a shop that was opened once, and what the terminal said that time."""
    with TemporaryDirectory(prefix="ordercopy-") as name:
        try:
            with open_shop(Path(name)) as shop:
                said = shop.output.read_text()
            yield Path(name), said
        finally:
            EmbeddedServer(Path(name) / "postgres").stop()


@pytest.fixture
def shop(known_shop: tuple[Path, str]) -> Iterator[Shop]:
    """The same shop, opened once more."""
    with open_shop(known_shop[0]) as shop:
        yield shop


@pytest.fixture(scope="module")
def calm_shop(known_shop: tuple[Path, str]) -> Iterator[Shop]:
    """The same shop, for those who only talk to it."""
    with open_shop(known_shop[0]) as shop:
        yield shop


def test_a_new_shop_prints_its_first_password_and_never_again(
    known_shop: tuple[Path, str], shop: Shop
) -> None:
    _, said_at_first = known_shop

    assert re.search(r"First login: user manager, password \S{16}\n", said_at_first)
    assert "First login" not in shop.output.read_text()


def test_the_lines_that_it_prints_lead_to_a_token(known_shop: tuple[Path, str], shop: Shop) -> None:
    """As somebody does it who copies them into another terminal."""
    create, curl = re.findall(r"^  (\S+ manage\.py .+|curl .+)$", shop.output.read_text(), re.M)
    created = subprocess.run(
        [*shlex.split(create), "--json"],
        cwd=settings.BASE_DIR,
        env=bare_environment() | {"DATA_DIR": str(known_shop[0])},
        capture_output=True,
        check=True,
    )
    client = json.loads(created.stdout)
    _, _, address, *form = shlex.split(curl)
    body = "&".join(form[1::2]).replace("=ID", f"={client['client_id']}")
    body = body.replace("=SECRET", f"={client['client_secret']}")

    with urlopen(address, body.encode()) as answer:  # noqa: S310 - our own loopback
        token = json.load(answer)["access_token"]

    orders = Request(  # noqa: S310
        f"{shop.address.removesuffix('admin/login/')}api/orders",
        headers={"Authorization": f"Bearer {token}", "Accept": "application/vnd.api+json"},
    )
    with urlopen(orders) as answer:  # noqa: S310 - our own loopback
        assert json.load(answer)["data"] == []


def test_a_merchant_sees_pages_with_their_style_and_no_programs_insides(calm_shop: Shop) -> None:
    def read(address: str) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", calm_shop.port, timeout=10)
        with closing(connection):
            connection.request("GET", address)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    status, page = read("/no-such-page")
    assert (status, "There is no such page" in page, "URLconf" in page) == (404, True, False)
    for shown in (page, read("/admin/login/")[1], read("/api/docs")[1]):
        styles = re.findall(r'<link[^>]* href="(/static/[^"]+\.css)"', shown)
        assert styles
        assert {read(style)[0] for style in styles} == {200}


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("GARBAGE", 400),
        ("GET /api/orders HTTP/9.9", 400),
        (f"GET /api/orders?include={'x' * 9000} HTTP/1.1", 414),
        (f"GET /api/orders HTTP/1.1\r\nX-Long: {'x' * 20_000}", 431),
        ("POST /oauth/token HTTP/1.1\r\nTransfer-Encoding: nonsense", 400),
        ("POST /oauth/token HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nno length", 400),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_read_is_refused_in_json(calm_shop: Shop, head: str, status: int) -> None:
    answer, document = calm_shop.say(head)

    assert answer == status
    assert [error["status"] for error in document["errors"]] == [str(status)]


def test_a_body_may_come_in_chunks(calm_shop: Shop) -> None:
    form = "grant_type=nonsense"
    head = "POST /oauth/token HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: 127.0.0.1"
    kind = "Content-Type: application/x-www-form-urlencoded"

    _, document = calm_shop.say(f"{head}\r\n{kind}\r\n\r\n{len(form):x}\r\n{form}\r\n0")

    assert document["error"] == "unsupported_grant_type"


@pytest.mark.parametrize("how", ["keep-alive", "close"])
def test_who_sends_far_too_much_gets_to_know_it(calm_shop: Shop, how: str) -> None:
    """Most clients send all of a body before they look for an answer."""
    headers = {"Connection": how, "Content-Type": "application/x-www-form-urlencoded"}
    with closing(HTTPConnection("127.0.0.1", calm_shop.port, timeout=10)) as connection:
        connection.request("POST", "/oauth/token", body=b"x" * 20_000_000, headers=headers)
        answer = connection.getresponse()
        document = json.load(answer)

    assert answer.status == 413
    assert [error["status"] for error in document["errors"]] == ["413"]


def test_a_connection_is_of_use_again_after_a_refusal_and_a_pause(calm_shop: Shop) -> None:
    """Nobody has read the body of the first request; the second must not begin in its middle."""
    connection = HTTPConnection("127.0.0.1", calm_shop.port, timeout=10)
    connection.request("PATCH", "/api/orders/xYZkjABcde", body=b"x" * 50_000)
    assert connection.getresponse().read()
    used = connection.sock

    time.sleep(3)
    connection.request("GET", "/healthz")

    assert connection.getresponse().read()
    assert connection.sock is used
    connection.close()


def test_only_a_proxy_that_was_named_is_believed_about_https(calm_shop: Shop) -> None:
    docs = f"{calm_shop.address.removesuffix('admin/login/')}api/docs"
    forged = Request(docs, headers={"X-Forwarded-Proto": "https"})  # noqa: S310
    with urlopen(forged, timeout=5) as answer:  # noqa: S310 - our own loopback
        page = answer.read().decode()
    assert f"curl -s http://127.0.0.1:{calm_shop.port}/oauth/token" in page


def test_a_shop_opens_with_one_command_and_closes_with_ctrl_c(shop: Shop) -> None:
    assert shop.address.removesuffix("admin/login/") in shop.output.read_text()
    family = shop.process.children(recursive=True)

    shop.process.send_signal(signal.SIGINT)

    assert shop.process.wait(40) == 0
    wait_until(lambda: not any(child.is_running() for child in family))


def test_a_killed_web_server_is_replaced(shop: Shop) -> None:
    (killed,) = shop.web_servers()
    killed.kill()

    wait_until(lambda: shop.web_servers() not in ([], [killed]))
    wait_until(shop.answers)
    assert f"The web server (process {killed.pid}) ended" in shop.output.read_text()


def test_a_killed_serve_leaves_nothing_on_its_port(shop: Shop) -> None:
    family = shop.process.children(recursive=True)

    shop.process.kill()

    wait_until(lambda: not any(child.is_running() for child in family))
    assert not shop.answers()


def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = subprocess.run(
            [sys.executable, "manage.py", "serve"],
            cwd=settings.BASE_DIR,
            env=bare_environment() | {"PORT": str(taken.getsockname()[1])},
            capture_output=True,
            text=True,
            check=False,
        )

    assert ended.returncode == 1
    assert "Address already in use. Set HOST or PORT." in ended.stderr


def test_a_child_that_keeps_dying_is_started_ever_more_slowly() -> None:
    child = Child("dying", [sys.executable, "-c", "raise SystemExit(1)"], settings.BASE_DIR)
    now, pauses = 0.0, []

    for _ in range(8):
        child.look_after(now)
        assert child.process is not None
        child.process.wait(30)
        child.look_after(now)
        pauses.append(child.start_at - now)
        now = child.start_at

    assert pauses[:3] == [FIRST_PAUSE, FIRST_PAUSE * 2, FIRST_PAUSE * 4]
    assert pauses[-1] == LONGEST_PAUSE
