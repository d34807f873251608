"""No page takes a file but those that say so (`web/uploads.py`): an upload is refused at its first line, so that
nobody's bytes reach the disk."""

from typing import Any, NoReturn

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler


class FileRefused(SuspiciousOperation):
    """A form came with a file; Django answers 400."""


class RefuseFiles(FileUploadHandler):
    """The upload handler of every page that names no other."""

    def new_file(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Called when a file begins."""
        raise FileRefused("This page takes no files.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> NoReturn:
        """Never reached: no file begins."""
        raise FileRefused("This page takes no files.")

    def file_complete(self, file_size: int) -> None:
        """Never reached: no file begins."""
