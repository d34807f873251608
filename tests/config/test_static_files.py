"""Static files as a house keeps them: what a browser is sent compressed is the file that it asked for."""

import gzip

from django.core.management import call_command

from config.static_files import OnceCompressedStorage

MODULE = b"export const name = 'reader of codes';\n" * 200
STYLE = b"body { background: url('../img/dot.svg'); }\n" * 200


def test_under_both_of_its_names_a_file_is_compressed_to_itself(settings, tmp_path):
    ours, kept = tmp_path / "ours", tmp_path / "kept"
    for name, content in {
        "js/reader.js": MODULE,
        "js/reader.mjs": MODULE,
        "css/page.css": STYLE,
        "img/dot.svg": b"<svg/>",
    }.items():
        (ours / name).parent.mkdir(parents=True, exist_ok=True)
        (ours / name).write_bytes(content)
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [ours], kept
    backend = f"{OnceCompressedStorage.__module__}.{OnceCompressedStorage.__name__}"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": backend}}

    call_command("collectstatic", interactive=False, verbosity=0)

    compressed = {file.with_suffix(""): file for file in kept.rglob("*.gz")}
    assert {file: gzip.decompress(zipped.read_bytes()) for file, zipped in compressed.items()} == {
        file: file.read_bytes() for file in compressed
    }
    names = sorted(file.name for file in compressed)
    assert len(names) == 6, names
    assert [name.split(".")[0] for name in names] == ["page", "page", "reader", "reader", "reader", "reader"]
    assert {f"{file}.br" for file in compressed} == {str(file) for file in kept.rglob("*.br")}
