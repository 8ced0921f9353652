"""What lies in a folder: its files and those of folders in it, a Stack Exchange dump as one, saved pages as pages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import UnreadableInput
from corpus.readers import stackexchange

COMPANION = re.compile(
    r"(?:[_.]files|-Dateien|_fichiers|_archivos|_file|_bestanden|-filer|_pliki|_arquivos|_ficheiros|_tiedostot|_soubory"
    r"|_dosyalar)",
    re.IGNORECASE,
)
"""How browsers call the folder of a saved page's pictures and frames, after the page's own name, in their languages
(https://learn.microsoft.com/windows/win32/shell/manage#connected-files)."""


def files_in(folder: Path) -> Iterator[Path]:
    """Yield every file under `folder` that may be one of its own, by name; a dump comes as its folder.

    Hidden files and folders are left out, links to folders, and what was saved along with a page ("page_files" beside
    "page.html"). Raises UnreadableInput for a folder that cannot be looked into.
    """
    for path, folders, files in os.walk(folder, onerror=_refuse):
        here = Path(path)
        pages = {Path(name).stem for name in files if name.lower().endswith((".html", ".htm", ".html.gz"))}
        pages = {re.sub(r"\.html$", "", page) for page in pages}
        if stackexchange.POSTS in files:
            folders.clear()
            yield here
            continue
        folders[:] = sorted(name for name in folders if not _is_hidden(name) and not _belongs_to(name, pages))
        yield from (here / name for name in sorted(files) if not _is_hidden(name))


def _refuse(error: OSError) -> None:
    raise UnreadableInput(f"{error.filename} cannot be read ({error.strerror}); give the path of a folder") from error


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "__MACOSX"))


def _belongs_to(folder: str, pages: set[str]) -> bool:
    return any(folder.startswith(page) and COMPANION.fullmatch(folder[len(page) :]) for page in pages)
