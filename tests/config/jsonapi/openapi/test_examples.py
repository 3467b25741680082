"""The examples in the documentation are what the API answers."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from config.jsonapi.openapi.examples import FILE
from tests.config.jsonapi.openapi.recording import Recorder

pytestmark = pytest.mark.django_db


def test_examples_are_what_the_api_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Recorder(monkeypatch).record()
    if os.environ.get("RECORD_EXAMPLES"):
        text = json.dumps(found, indent=1, ensure_ascii=False)
        Path(str(FILE)).write_text(f"{text}\n", "utf-8")
    kept = json.loads(FILE.read_text("utf-8"))
    for part in ("errors", "operations"):
        for name, shown in kept[part].items():
            answered = found[part].get(name)
            assert _is_in(shown, answered), f"`make examples`: {name} answers {answered}"


def _is_in(shown: Any, answered: Any) -> bool:
    """Whether all that is shown is answered: what a resource has besides may be newer."""
    if isinstance(shown, dict) and isinstance(answered, dict):
        return all(
            name in answered and _is_in(each, answered[name]) for name, each in shown.items()
        )
    if isinstance(shown, list) and isinstance(answered, list):
        return len(shown) == len(answered) and all(map(_is_in, shown, answered))
    return bool(shown == answered)
