"""What runs the demo shop: settings, URLs and the server's entry points."""
