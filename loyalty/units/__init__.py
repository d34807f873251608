"""Units in members' hands: held, set aside, corrected, due."""
