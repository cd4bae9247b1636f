"""Runs Python inside the portal, one piece a line: to start Django for each piece would take seconds.

A line is two pieces of code as JSON: what makes rows, in one transaction, and what goes on from there, in none.
The answer is a line too: what they printed, and what they raised.
"""

from __future__ import annotations

import io
import json
import sys
from code import InteractiveInterpreter
from contextlib import redirect_stdout

import django
from django.db import connections, transaction
from django.utils import translation


class Piece(InteractiveInterpreter):
    """One piece of code; what it raises is kept as text, and ends nothing."""

    problem = ""

    def write(self, data: str) -> None:
        self.problem += data


def main() -> None:
    django.setup()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_done(*json.loads(line))) + "\n")
        sys.stdout.flush()


def _done(rows: str, code: str) -> tuple[str, str]:
    said, piece = io.StringIO(), Piece({"__name__": "__main__"})
    with redirect_stdout(said):
        if rows:
            with transaction.atomic():
                piece.runcode(compile(rows, "<rows>", "exec"))
                transaction.set_rollback(bool(piece.problem))
        if not piece.problem:
            piece.runcode(compile(code, "<piece>", "exec"))
    # Each piece begins as in a process of its own.
    translation.deactivate()
    connections.close_all()
    return said.getvalue(), piece.problem


if __name__ == "__main__":
    main()
