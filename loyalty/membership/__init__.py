"""Members of a programme: joining, leaving, being one person after all; who they are, and their story."""
