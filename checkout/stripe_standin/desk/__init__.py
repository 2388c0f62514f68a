"""The desk: a page and a JSON API for looking at everything and making trouble."""
