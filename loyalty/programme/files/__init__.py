"""The programme as a file that people read, change, keep and bring back."""
