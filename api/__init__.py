"""The public contract for programs."""
