"""Where members stand on the ladder: climbing it, staying, falling."""
