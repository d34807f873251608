"""Messages to members: written in the transaction of the event, sent after it."""
