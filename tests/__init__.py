"""The suites: a mirror of the source, the journeys in a real browser, and the tests of the building itself."""
