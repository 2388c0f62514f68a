"""The other side: dj-stripe, with requirements of its own."""
