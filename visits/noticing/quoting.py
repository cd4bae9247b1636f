"""The words around something that was found in a text. Pure."""

from __future__ import annotations


def quoted(text: str, start: int, end: int, room: int = 70) -> str:
    """The words around a find, cut between words, for somebody who judges whether it is one."""
    spare = max(room - (end - start), 0) // 2
    first, last = max(start - spare, 0), min(end + spare, len(text))
    piece = text[first:last]
    if first > 0 and not text[first - 1].isspace():
        piece = piece.partition(" ")[2] if " " in piece[: start - first] else piece
    if last < len(text) and not text[last].isspace():
        head, space, _rest = piece.rpartition(" ")
        piece = head if space and len(head) >= len(piece) - (last - end) else piece
    told = " ".join(piece.split())
    return f"{'… ' if first else ''}{told}{' …' if last < len(text) else ''}"
