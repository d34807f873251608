"""Pages for those who build Habitué. They are not there in production."""
