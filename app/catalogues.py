"""The translated words: compiled into the instance's folder whenever they have changed.

Standard library only until there is something to do: `run` asks before every start. The server
reads what was compiled; to read what was translated would cost it memory that it never gives back.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

TRANSLATIONS = Path(__file__).resolve().parent / "translations"
COMPILED = "catalogues"
"""The folder in the instance's."""
NOTE = "compiled-from.sha256"


def compiled_folder(instance: Path) -> Path:
    """Where the compiled catalogues are."""
    return instance / COMPILED


def are_compiled(instance: Path, translations: Path = TRANSLATIONS) -> bool:
    """Whether there is nothing to do. Digests decide: an unpacked file's time says nothing."""
    try:
        return (compiled_folder(instance) / NOTE).read_text() == _digest(translations)
    except OSError:
        return not list_catalogues(translations)


def compile_catalogues(instance: Path, translations: Path = TRANSLATIONS) -> None:
    """Write every language's words as the server reads them, unless they are there already."""
    if are_compiled(instance, translations):
        return
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for file in list_catalogues(translations):
        target = compiled_folder(instance) / file.relative_to(translations).with_suffix(".mo")
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with file.open("rb") as source, target.with_suffix(".new").open("wb") as compiled:
            write_mo(compiled, read_po(source, locale=file.parts[-3]))
        # A server that runs may be reading the old one.
        target.with_suffix(".new").replace(target)
    (compiled_folder(instance) / NOTE).write_text(_digest(translations))


def list_catalogues(translations: Path = TRANSLATIONS) -> list[Path]:
    """The catalogues that translators write, by language."""
    return sorted(translations.glob("*/LC_MESSAGES/messages.po"))


def shipped_languages() -> tuple[str, ...]:
    """English, in which everything is written, and whatever it is translated into."""
    return ("en", *(file.parts[-3] for file in list_catalogues(TRANSLATIONS)))


def _digest(translations: Path) -> str:
    digest = hashlib.sha256()
    for file in list_catalogues(translations):
        digest.update(
            f"{file.parts[-3]} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode()
        )
    return digest.hexdigest()
