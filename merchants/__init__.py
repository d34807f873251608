"""The businesses that run a programme, their places, their staff and their keys."""
