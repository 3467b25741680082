"""What is said to people and so has to be translated, found in the sources.

unfold comes without translations, so its words are the project's as well, as far as Django does not
say the same.
"""

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import django
import unfold
from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo
from django.conf import settings
from django.utils.translation.template import templatize

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
    # What an import has to say, in English at a terminal.
    "said": None,
}
# Where a package's words stand, beside its own folder.
SOURCES = {"config": ["config", "templates"], "orders": ["orders"], "ordercopy": ["ordercopy"]}
# The admin's looks, and those of its optional parts that are installed.
UNFOLD = Path(unfold.__file__).parent
UNFOLD_PARTS = {"filters", "forms"}
# Django's own packages whose words the pages use.
DJANGO = Path(django.__file__).parent
DJANGO_PARTS = ("conf", "contrib/admin", "contrib/auth", "contrib/humanize")


def words(package: str, language: str) -> list[Message]:
    """Answer all that a package has to say in a language, as it stands in the sources."""
    catalog = Catalog()
    for folder in SOURCES[package]:
        for message in _said_in(_texts(settings.BASE_DIR / folder)):
            catalog.add(message.id, context=message.context)
    if package == "config":
        for message in _words_of_unfold():
            if not _django_says(message, language):
                catalog.add(message.id, context=message.context)
    return _messages(catalog)


@cache
def catalogues_of_django(language: str) -> list[Catalog]:
    """Answer Django's own words in a language, as far as the admin uses them."""
    found = []
    for part in DJANGO_PARTS:
        with (DJANGO / part / "locale" / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
            found.append(read_mo(file))
    return found


def _django_says(message: Message, language: str) -> bool:
    catalogues = catalogues_of_django(language)
    return any(catalog.get(message.id, message.context) for catalog in catalogues)


@cache
def _words_of_unfold() -> list[Message]:
    ours = {None, *UNFOLD_PARTS}
    return _said_in((file, text) for file, text in _texts(UNFOLD) if _part_of_unfold(file) in ours)


def _part_of_unfold(file: Path) -> str | None:
    """Answer the optional part that a file belongs to, None for unfold itself."""
    parts = file.relative_to(UNFOLD).parts
    return parts[1] if parts[0] == "contrib" else None


def _said_in(texts: Iterator[tuple[Path, str]]) -> list[Message]:
    catalog = Catalog()
    for _file, text in texts:
        for _line, message, _comments, context in extract(
            "python", BytesIO(text.encode()), KEYWORDS, options={"encoding": "utf-8"}
        ):
            if message:
                catalog.add(message, context=context)
    return _messages(catalog)


def _messages(catalog: Catalog) -> list[Message]:
    # The first message of a catalogue is its header.
    return [message for message in catalog if message.id]


def _texts(folder: Path) -> Iterator[tuple[Path, str]]:
    for file in sorted(folder.rglob("*.py")):
        yield file, file.read_text()
    for file in sorted(folder.rglob("*.html")):
        # In brackets, as the lines of a template are indented by other rules than Python's.
        yield file, f"(\n{templatize(file.read_text(), origin=str(file))}\n)"
