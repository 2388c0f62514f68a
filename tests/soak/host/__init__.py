"""What a host hears, written down without any uniqueness: exactly once must show."""
