"""System checks: no column of a copied model may be without a decision."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.db import models

from ordercopy.engine.building import COPIED_MODELS
from ordercopy.engine.compiling import column_of, columns_to_decide, copy_plan_of, names_to_decide


@register()
def every_column_is_decided(**_: Any) -> list[CheckMessage]:
    """Hold the copy plans to the models: both ways, and what is reset must have a default."""
    return [message for model in COPIED_MODELS for message in check_plan(model)]


def check_plan(model: type[models.Model]) -> Iterator[CheckMessage]:
    plan, names = copy_plan_of(model), names_to_decide(model)
    for name in sorted(names - plan.decided()):
        yield Error(
            f"Nobody has decided what becomes of {model.__name__}.{name} when an order is copied.",
            hint="Add it to the model's copy_plan: carry, reset, set or mapped.",
            obj=model,
            id="ordercopy.E001",
        )
    for name in sorted(plan.decided() - names):
        yield Error(
            f"The copy plan of {model.__name__} speaks of {name}, which is not a column.",
            hint="Take it out of the copy_plan, or spell it right.",
            obj=model,
            id="ordercopy.E002",
        )
    for field in columns_to_decide(model):
        if field.name in plan.reset and not field.null and not field.has_db_default():
            yield Error(
                f"{model.__name__}.{field.name} is reset in copies, but the database has no "
                "default for it.",
                hint="Give the field a db_default, make it nullable, or decide otherwise.",
                obj=model,
                id="ordercopy.E003",
            )
        if set(column_of(field)) & {'"', "%"}:
            yield Error(
                f"The column {field.column} cannot be written into a statement safely.",
                hint="Choose a db_column of letters, digits and underscores.",
                obj=model,
                id="ordercopy.E004",
            )
