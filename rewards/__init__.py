"""Rewards: what units buy. Taken by setting units aside, then handed over, let go, or given back."""
