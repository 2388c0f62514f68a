"""What the stand-in remembers, and the clock and dice it uses. Imports nothing."""
