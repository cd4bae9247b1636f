"""Papers that many read: drawn once, kept as files, and drawn again when a word of them changes.

Only for what the whole group may read. A letter for one person is drawn for each press and
kept nowhere.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from visits.documents import press

KEPT: Final = timedelta(days=7)


def pdf(template: str, context: Mapping[str, Any], *, language: str) -> bytes:
    """As `press.pdf`, and quick from the second time on while nothing in the paper has changed."""
    page = press.page(template, context, language=language)
    file = _folder() / f"{hashlib.sha256(page.encode()).hexdigest()}.pdf"
    try:
        return file.read_bytes()
    except FileNotFoundError:
        drawn = press.printed(page)
    _put(file, drawn)
    return drawn


def clear(at: datetime) -> int:
    """Take away what was drawn more than seven days ago; return how many files went."""
    before = (at - KEPT).timestamp()
    old = [file for file in _folder().iterdir() if file.stat().st_mtime < before]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _put(file: Path, drawn: bytes) -> None:
    # Whole or not at all: somebody else may be reading, or drawing the same.
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as unfinished:
        unfinished.write(drawn)
    Path(unfinished.name).replace(file)


def _folder() -> Path:
    folder = Path(settings.VAR) / "papers"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
