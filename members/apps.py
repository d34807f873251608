"""App configuration."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"
    label = "members"
