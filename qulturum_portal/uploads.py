"""How much of a file that somebody sends is taken in: what a visit's room takes, and a little more to say so."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from visits import rules


class UploadCap(FileUploadHandler):
    """Drops what comes after the largest file that we take: nobody fills the disk by sending.

    What is cut is larger than we take, so its form says that it is too large.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """The chunk for the handlers after this one, or None when they have had enough."""
        if self.taken > rules.ROOM_FILE_BYTES:
            return None
        self.taken += len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        """The file is made by the handlers after this one."""
        return None
