"""The catalogues of translations: collected from the sources, compiled, and asked what is missing.

Each package has one of its own (``orders/locale/it/LC_MESSAGES/django.po``); the project's is also
that of the shared templates, and of what unfold says, which comes without translations: as far as
Django does not say the same. Nothing but Babel is needed, so no gettext has to be installed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import django
import unfold
from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    # What an import has to say, in English at a terminal.
    "said": None,
}
# Where a package's words stand, beside its own folder.
SOURCES = {"config": ["config", "templates"], "orders": ["orders"], "ordercopy": ["ordercopy"]}
# The admin's looks, and those of its optional parts that are installed.
UNFOLD = Path(unfold.__file__).parent
UNFOLD_PARTS = {"filters", "forms"}
# Django's own packages whose Italian, say, the admin's pages use.
DJANGO = Path(django.__file__).parent
DJANGO_PARTS = ("conf", "contrib/admin", "contrib/auth", "contrib/humanize")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


@dataclass(frozen=True)
class Translation:
    """One package's words in one language."""

    package: str
    language: str

    @property
    def po(self) -> Path:
        """What translators edit."""
        folder = settings.BASE_DIR / self.package / "locale" / self.language / "LC_MESSAGES"
        return Path(folder / "django.po")

    @property
    def mo(self) -> Path:
        """What Django reads."""
        return self.po.with_suffix(".mo")

    def read(self) -> Catalog:
        """Answer the catalogue as it is kept, an empty one when there is none yet."""
        if not self.po.exists():
            return Catalog(locale=self.language, fuzzy=False)
        with self.po.open("rb") as file:
            return read_po(file, locale=self.language)

    def update(self) -> None:
        """Bring the kept catalogue up to the sources, and compile it.

        Written so that two branches seldom touch the same line: by alphabet, and without the
        places where a word is used.
        """
        # No dates: they would make two branches disagree about a file that is the same in both.
        catalog = Catalog(
            locale=self.language,
            header_comment=f"# {self.package} ({self.language})",
            project="ordercopy",
            version="",
            msgid_bugs_address="",
            last_translator="",
            language_team="",
            creation_date=LONG_AGO,
            revision_date=LONG_AGO,
            fuzzy=False,
        )
        kept = self.read()
        for message in words(self.package, self.language):
            entry = catalog.add(message.id, context=message.context)
            if known := kept.get(message.id, message.context):
                entry.string = known.string
        self.po.parent.mkdir(parents=True, exist_ok=True)
        with self.po.open("wb") as file:
            write_po(file, catalog, no_location=True, sort_output=True, width=0)
        with self.mo.open("wb") as file:
            write_mo(file, self.read())

    def missing(self) -> list[str]:
        """Answer the words of the sources that have no translation."""
        kept = self.read()
        return [
            str(message.id)
            for message in words(self.package, self.language)
            if not (known := kept.get(message.id, message.context)) or not _is_said(known.string)
        ]

    def unused(self) -> list[str]:
        """Answer translations of words that the sources do not say any more."""
        said = {(message.id, message.context) for message in words(self.package, self.language)}
        return [str(m.id) for m in self.read() if m.id and (m.id, m.context) not in said]

    def is_compiled(self) -> bool:
        """Whether Django reads what translators wrote."""
        with self.mo.open("rb") as file:
            compiled = read_mo(file)
        return _strings(compiled) == _strings(self.read())


def words(package: str, language: str) -> list[Message]:
    """Answer all that a package says to people, in the language of the sources."""
    catalog = Catalog()
    for folder in SOURCES[package]:
        _collect(_texts(settings.BASE_DIR / folder), catalog)
    messages = _without_header(catalog)
    if package == "config":
        own = {(_key(message.id), message.context) for message in messages}
        messages += [
            message
            for message in _words_of_unfold()
            if (_key(message.id), message.context) not in own
            and not _django_says(message, language)
        ]
    return messages


@cache
def _words_of_unfold() -> list[Message]:
    catalog = Catalog()
    _collect(
        (
            (file, text)
            for file, text in _texts(UNFOLD)
            if _part_of_unfold(file) is None or _part_of_unfold(file) in UNFOLD_PARTS
        ),
        catalog,
    )
    return _without_header(catalog)


def _part_of_unfold(file: Path) -> str | None:
    """Answer the optional part that a file belongs to, None for unfold itself."""
    parts = file.relative_to(UNFOLD).parts
    return parts[1] if parts[0] == "contrib" else None


def _django_says(message: Message, language: str) -> bool:
    catalogues = catalogues_of_django(language)
    return any(catalog.get(message.id, message.context) for catalog in catalogues)


@cache
def catalogues_of_django(language: str) -> list[Catalog]:
    """Answer Django's own words in a language, as far as the admin uses them."""
    found = []
    for part in DJANGO_PARTS:
        with (DJANGO / part / "locale" / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
            found.append(read_mo(file))
    return found


def _collect(texts: Iterator[tuple[Path, str]], catalog: Catalog) -> None:
    for _file, text in texts:
        for _line, message, _comments, context in extract(
            "python", BytesIO(text.encode()), KEYWORDS, options={"encoding": "utf-8"}
        ):
            if message:
                catalog.add(message, context=context)


def _without_header(catalog: Catalog) -> list[Message]:
    # The first message of a catalogue is its header.
    return [message for message in catalog if message.id]


def _texts(folder: Path) -> Iterator[tuple[Path, str]]:
    for file in sorted(folder.rglob("*.py")):
        yield file, file.read_text()
    for file in sorted(folder.rglob("*.html")):
        # In brackets, as the lines of a template are indented by other rules than Python's.
        yield file, f"(\n{templatize(file.read_text(), origin=str(file))}\n)"


def _is_said(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def _strings(catalog: Catalog) -> dict[tuple[object, str | None], object]:
    return {
        (_key(message.id), message.context): _key(message.string)
        for message in catalog
        if message.id and _is_said(message.string)
    }


def _key(text: object) -> object:
    """Make singular and plural comparable: one reader gives tuples, the other lists."""
    return tuple(text) if isinstance(text, list) else text


def all_translations() -> list[Translation]:
    """Answer every package's catalogue in every language but the sources' own."""
    return [Translation(package, language) for package in SOURCES for language in LANGUAGES]
