"""The message catalogues: extract, update, derive Cyrillic Uzbek, compile, check.

The sources are ``retrain/translations/{uz,ru,en}/LC_MESSAGES/messages.po``. English is the language of the
code, so an empty English message means "as written". Cyrillic Uzbek is derived from the Latin catalogue and,
like every compiled catalogue, not kept in the repository.

Needs Babel only, because the wheel is built with it where the program's own dependencies are not.
"""

import argparse
import io
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "retrain" / "translations"
SOURCE = "en"
LATIN, CYRILLIC = "uz", "uz_Cyrl"
TRANSLATED = (LATIN, "ru")
CATALOGUES = (*TRANSLATED, SOURCE)

# Examples of codes and numbers, which are written in Latin letters in every language.
EXAMPLES = ("IT-001", "IT-002", "EL-2", "BU-01", "MO 000831", "K7QMX-3FD9T")

# Lines of a header that change at every run or name nobody.
_UNWANTED = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid-Bugs-To|Generated-By)'
    r":.*\n",
    re.M,
)

METHODS = [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def path_of(locale: str, suffix: str = "po") -> Path:
    """Where the catalogue of *locale* is kept."""
    return TRANSLATIONS / locale / "LC_MESSAGES" / f"messages.{suffix}"


def extracted() -> Catalog:
    """Every string of the program's code and templates, freshly read."""
    catalogue = Catalog(project="Retrain", charset="utf-8")
    found = extract_from_dir(
        ROOT / "retrain",
        method_map=METHODS,
        keywords=KEYWORDS,
        comment_tags=("For translators:",),
    )
    for filename, line, message, comments, context in found:
        catalogue.add(message, None, [(f"retrain/{filename}", line)], auto_comments=comments, context=context)
    return catalogue


def read(locale: str) -> Catalog:
    """The catalogue of *locale* as it is kept; an empty one when there is none yet."""
    path = path_of(locale)
    if not path.exists():
        return Catalog(locale=locale, project="Retrain", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def write(locale: str, catalogue: Catalog) -> None:
    """Keep *catalogue*, in an order and form that makes small differences."""
    catalogue.fuzzy = False  # the header; no string is ever guessed
    catalogue.header_comment = f"# Retrain in {catalogue.locale}. Kept in step by scripts/catalogues.py."
    text = io.BytesIO()
    write_po(
        text,
        catalogue,
        width=110,
        sort_output=True,
        omit_header=False,
        ignore_obsolete=True,
        include_lineno=False,
    )
    path = path_of(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_UNWANTED.sub("", text.getvalue().decode()))


def compile_one(locale: str, catalogue: Catalog) -> None:
    """Write the compiled form that the program reads; English fills its empty messages from the code."""
    path = path_of(locale, "mo")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)


def derived() -> Catalog:
    """The Cyrillic catalogue, made from the Latin one."""
    # By path, because the wheel's build stands outside the package it builds.
    sys.path.insert(0, str(ROOT))
    from retrain.language.transliteration import to_cyrillic

    cyrillic = Catalog(locale=CYRILLIC, project="Retrain", charset="utf-8")
    for message in _messages(read(LATIN)):
        texts = [_outside_examples(to_cyrillic, text) for text in _texts(message)]
        cyrillic.add(message.id, tuple(texts) if message.pluralizable else texts[0], context=message.context)
    return cyrillic


def _outside_examples(change: Callable[[str], str], text: str) -> str:
    parts = re.split("(" + "|".join(map(re.escape, EXAMPLES)) + ")", text)
    return "".join(part if part in EXAMPLES else change(part) for part in parts)


def compile_all() -> None:
    """Compile what there is, and the derived catalogue."""
    for locale in CATALOGUES:
        if path_of(locale).exists():
            compile_one(locale, read(locale))
    if path_of(LATIN).exists():
        compile_one(CYRILLIC, derived())


def update_all() -> None:
    """Bring every catalogue in step with the code; new strings are empty, never guessed."""
    template = extracted()
    for locale in CATALOGUES:
        catalogue = read(locale)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        write(locale, catalogue)


def problems() -> list[str]:
    """Each string missing from a catalogue, not translated, uncertain, or with other placeholders."""
    wanted = list(_messages(extracted()))
    return [problem for locale in CATALOGUES for problem in _problems(locale, read(locale), wanted)]


def _problems(locale: str, catalogue: Catalog, wanted: Iterable[Message]) -> Iterable[str]:
    if not path_of(locale).exists():
        yield f"{locale}: no catalogue"
        return
    for message in wanted:
        kept = catalogue.get(message.id, message.context)
        if why := _problem(locale, message, kept):
            yield f"{locale}: {why}: {_shown(message)}"


def _problem(locale: str, message: Message, kept: Message | None) -> str | None:
    if kept is None:
        return "not in the catalogue (make translations)"
    if kept.fuzzy:
        return "uncertain (fuzzy)"
    texts = [text for text in _texts(kept) if text]
    if locale == SOURCE and not texts:
        return None
    if len(texts) < len(_texts(kept)) or not texts:
        return "not translated"
    # The plural names them all; an English singular may say "one" instead of the number.
    ids = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
    known = _placeholders(ids[-1])
    if any(not _placeholders(text) <= known for text in texts):
        return "names a placeholder that the code does not give"
    if locale != SOURCE and any(_placeholders(text) != known for text in texts):
        return "leaves out a placeholder"
    return None


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]", text))


def _messages(catalogue: Catalog) -> Iterable[Message]:
    return (message for message in catalogue if message.id)


def _texts(message: Message) -> tuple[str, ...]:
    string = message.string
    return tuple(string) if isinstance(string, (list, tuple)) else (string or "",)


def _shown(message: Message) -> str:
    text = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
    where = ", ".join(sorted({filename for filename, _line in message.locations}))
    return f"{text!r}  ({where})"


def main() -> int:
    """The command line; 1 when `check` found something."""
    parser = argparse.ArgumentParser(description="The message catalogues of Retrain.")
    parser.add_argument("command", choices=["update", "derive", "compile", "check"])
    command = parser.parse_args().command
    if command == "update":
        update_all()
    elif command == "derive":
        write(CYRILLIC, derived())
    elif command == "compile":
        compile_all()
    else:
        found = problems()
        print(*found, sep="\n", file=sys.stderr, end="\n" if found else "")
        return 1 if found else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
