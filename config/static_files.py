"""How static files are kept: each under its own name, for modules that import one another, and under one with its digest."""

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from whitenoise.storage import CompressedManifestStaticFilesStorage


class OnceCompressedStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's, which compresses a file of two names once: Brotli takes seconds for the reader of QR codes."""

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Pairs of a name and of its compressed file's, as WhiteNoise tells them."""
        alike = defaultdict(list)
        for path in sorted(paths):
            alike[hashlib.sha256(Path(self.path(path)).read_bytes()).digest(), Path(path).suffix].append(path)
        others = {first: rest for first, *rest in alike.values()}
        for path, compressed in super().compress_files(list(others)):
            yield path, compressed
            for other in others[path]:
                copy = other + compressed.removeprefix(path)
                shutil.copy2(self.path(compressed), self.path(copy))
                yield other, copy
