"""App configuration."""

from django.apps import AppConfig


class RewardsConfig(AppConfig):
    name = "rewards"
    label = "rewards"
