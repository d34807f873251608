"""Taking a file: only where a view says so, in memory only, and up to a size. Everywhere else `config/uploads.py` refuses.

Nothing here touches the disk or looks at the bytes; what they are, the verb that gets them decides.
"""

import io
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_protect

from web.access import StaffRequest

View = Callable[..., HttpResponse]


class InMemory(FileUploadHandler):
    """Keeps one file's bytes; one byte too many, and the rest is not read any more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most, self.size, self.files = most, 0, 0
        self.parts: list[bytes] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A second file is one too many."""
        super().new_file(*args, **kwargs)
        self.files += 1
        if self.files > 1:
            raise StopUpload(connection_reset=False)
        self.parts, self.size = [], 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep it, up to one byte more than may be: the verb then says that it was too much."""
        if self.size <= self.most:
            self.parts.append(raw_data[: self.most + 1 - self.size])
            self.size += len(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file, under a name that nobody chose."""
        content = b"".join(self.parts)
        return InMemoryUploadedFile(
            io.BytesIO(content), self.field_name, "upload", self.content_type, len(content), None
        )


def takes_file(most: int) -> Callable[[View], View]:
    """Let this staff view take one file of up to `most` bytes. Goes inside `staff_view`: strangers' bytes are not read.

    The view must be exempt from the middleware's CSRF check, which would read the form first; it is made here.
    """

    def decorate(view: View) -> View:
        protected = csrf_protect(view)

        @wraps(view)
        def prepared(request: StaffRequest, **kwargs: Any) -> HttpResponse:
            request.upload_handlers = [InMemory(most)]
            return protected(request, **kwargs)

        return prepared

    return decorate
