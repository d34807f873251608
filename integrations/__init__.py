"""Effects on the outside world. Each app here is a stranger to the others."""
