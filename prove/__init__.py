"""The long form of what bin/test proves in short, within an hour: bin/prove. See docs/guarantees.md for what it shows."""
