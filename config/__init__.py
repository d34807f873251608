"""Wiring: settings, URLs, subscriptions, processes. Nobody imports it from below."""
