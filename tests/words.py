"""How texts are gathered for translation, in one place for `bin/words` and the test that nothing is missing."""

EXTRACTION = {
    "locale": ["fr"],
    "ignore_patterns": [".venv/*", ".data*", "tests/*", "bench/*", "prove/*", "static/*", "bin/*"],
    "no_location": True,
    "no_wrap": True,
    "verbosity": 0,
}
