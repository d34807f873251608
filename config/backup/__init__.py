"""Copies the database to a folder and back, and proves both ways that nothing was lost. It knows no table by name."""
