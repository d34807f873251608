"""The QR studio at the desk: what is printed, and what came of it."""
