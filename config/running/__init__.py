"""Runs the house on one machine: servers, web, worker and beat under one supervisor. It knows no business word."""
