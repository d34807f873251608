"""Compiles the translations with Babel, so that no gettext is needed to run. It never changes a `.po` file."""

from pathlib import Path


def compile_messages(locale: Path) -> list[Path]:
    """Write the `.mo` beside every `.po` that is newer; returns what was written. Fuzzy entries are left out."""
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        from babel.messages.mofile import write_mo  # only when there is something to do
        from babel.messages.pofile import read_po

        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        draft = target.with_suffix(".mo.new")  # renamed into place: a web worker never reads half a file
        with draft.open("wb") as file:
            write_mo(file, catalogue)
        draft.rename(target)
        written.append(target)
    return written


if __name__ == "__main__":  # the container's build
    compile_messages(Path("locale"))
