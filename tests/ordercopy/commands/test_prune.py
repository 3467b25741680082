"""`prune` throws away old history, and nothing else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from ordercopy.models import OrderFactory
from orders.models import Event, EventStore, IdempotentRequest, ImportFile, Order, RevokedToken
from tests.copying import copied
from tests.factories import Line, order_with, shop
from tests.ordercopy.commands.running import manage, manage_json
from tests.orders.api.credentials import credentials

pytestmark = pytest.mark.django_db

HISTORY = (Event, EventStore)


def history_of_days_ago(days: int, mode: str = "test") -> None:
    """A copy and what it left behind, so long ago."""
    here = shop(mode)
    known = {model: set(model.objects.values_list("pk", flat=True)) for model in HISTORY}
    copied(order_with(here, Line(here.sku())))
    then = timezone.now() - timedelta(days=days, seconds=5)
    for model in HISTORY:
        model.objects.exclude(pk__in=known[model]).update(created_at=then)


def test_what_is_older_than_asked_for_goes_and_the_rest_stays() -> None:
    history_of_days_ago(10)
    young = [model.objects.count() for model in HISTORY]
    history_of_days_ago(40)
    old = [model.objects.count() - count for model, count in zip(HISTORY, young, strict=True)]

    document = manage_json("prune", "--events-older-than", "30", "--audit-older-than", "30")

    assert (document["mode"], document["events"], document["audit"]) == ("test", *old)
    assert [model.objects.count() for model in HISTORY] == young
    assert (Order.objects.count(), OrderFactory.objects.count()) == (4, 2)


def test_without_options_the_settings_say_how_long_history_is_kept() -> None:
    history_of_days_ago(100)

    document = manage_json("prune")

    assert document["events"] > 0
    assert document["audit"] == 0
    assert not Event.objects.exists()


def test_a_dry_run_counts_and_deletes_nothing() -> None:
    history_of_days_ago(400)
    before = [model.objects.count() for model in HISTORY]

    document = manage_json("prune", "--dry-run")

    assert [document["events"], document["audit"]] == before
    assert [model.objects.count() for model in HISTORY] == before
    assert "Would delete in test" in manage("prune", "--dry-run").out


def test_the_history_of_the_other_mode_stays() -> None:
    history_of_days_ago(400, mode="live")
    before = [model.objects.count() for model in HISTORY]

    assert manage_json("prune")["events"] == 0
    assert [model.objects.count() for model in HISTORY] == before
    assert manage_json("prune", "--mode", "live")["events"] > 0


def test_finished_jobs_go_and_others_stay() -> None:
    with connection.cursor() as cursor:
        for status, ago in (("succeeded", 2), ("failed", 2), ("succeeded", 0), ("todo", 2)):
            cursor.execute(
                "INSERT INTO procrastinate_jobs (task_name, queue_name, status)"
                " VALUES ('x', 'default', %s) RETURNING id",
                [status],
            )
            job = cursor.fetchone()
            cursor.execute(
                "UPDATE procrastinate_events SET at = now() - %s * interval '1 day'"
                " WHERE job_id = %s",
                [ago, *job],
            )
            cursor.execute(
                "INSERT INTO procrastinate_events (type, job_id, at)"
                " VALUES ('started', %s, now() - %s * interval '1 day')",
                [*job, ago],
            )

        assert manage_json("prune", "--dry-run")["jobs"] == 2
        assert manage_json("prune")["jobs"] == 2
        cursor.execute("SELECT status FROM procrastinate_jobs ORDER BY status")
        assert sorted(cursor.fetchall()) == [("succeeded",), ("todo",)]


def test_answers_go_a_day_after_they_were_given() -> None:
    for mode, hours in (("test", 25), ("test", 23), ("live", 25)):
        client = credentials(mode=mode).client
        answer = IdempotentRequest.objects.create(
            client=client, key="k", fingerprint="", status=201, headers={}, body=b""
        )
        then = timezone.now() - timedelta(hours=hours)
        IdempotentRequest.objects.filter(pk=answer.pk).update(created_at=then)

    assert manage_json("prune")["answers"] == 1
    assert IdempotentRequest.objects.count() == 2


def test_files_that_were_uploaded_for_an_import_go_after_a_day() -> None:
    for mode, hours in (("test", 25), ("test", 23), ("live", 25)):
        file = ImportFile.objects.create(mode=mode, kind="orders", name="o.csv", content=b"x")
        then = timezone.now() - timedelta(hours=hours)
        ImportFile.objects.filter(pk=file.pk).update(created_at=then)

    assert manage_json("prune")["imports"] == 1
    assert ImportFile.objects.filter(mode="test").count() == 1
    assert ImportFile.objects.filter(mode="live").count() == 1


def test_revoked_tokens_go_once_they_have_expired() -> None:
    for jti, minutes in (("over", -1), ("not yet", 1)):
        expires_at = timezone.now() + timedelta(minutes=minutes)
        RevokedToken.objects.create(jti=jti, expires_at=expires_at)

    assert manage_json("prune")["tokens"] == 1
    assert RevokedToken.objects.get().jti == "not yet"


@pytest.mark.parametrize("days", ["-1", "x", "1.5", "99999999999", ""])
def test_a_number_of_days_that_is_none_is_refused(days: str) -> None:
    ran = manage("prune", f"--events-older-than={days}")

    assert "days" in ran.error
    assert "\n" not in ran.error
