"""What happens to members but purchases: told by staff, by programs, or coming by itself."""
