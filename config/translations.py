"""The catalogues of translations: collected from the sources, compiled, and asked what is missing.

Each package has one of its own (``orders/locale/it/LC_MESSAGES/django.po``); the project's is also
that of the shared templates and of unfold. Nothing but Babel is needed, so no gettext has to be
installed.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings

from config.translatable import SOURCES, words

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


def _is_said(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def _strings(catalog: Catalog) -> dict[tuple[object, object], object]:
    return {
        (_key(message.id), _context(message.context)): _key(message.string)
        for message in catalog
        if message.id and _is_said(message.string)
    }


def _key(text: object) -> object:
    """Make singular and plural comparable: one reader gives tuples, the other lists."""
    return tuple(text) if isinstance(text, list) else text


def _context(context: object) -> object:
    """The reader of compiled catalogues leaves contexts encoded."""
    return context.decode() if isinstance(context, bytes) else context


def all_translations() -> list[Translation]:
    """Answer every package's catalogue in every language but the sources' own."""
    return [Translation(package, language) for package in SOURCES for language in LANGUAGES]
