"""The front door of the service: for those who have not signed in."""
