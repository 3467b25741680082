"""The secret key of a development installation: made once, and kept, as logins depend on it."""

import os
from contextlib import suppress
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def kept_secret_key(file: Path) -> str:
    """Answer the key in `file`, making it first if need be.

    Several processes may start at once on a fresh checkout: each writes a file of its own, and
    the first to link it into place wins, so all of them answer the same key.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(get_random_secret_key())
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    return file.read_text()
