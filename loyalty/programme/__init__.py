"""What a shop promises: versions, the draft on the way to one, and what follows when one comes into force."""
