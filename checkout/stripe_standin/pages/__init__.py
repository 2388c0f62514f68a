"""Pages and scripts that a browser loads; the files lie in ``browser/``."""
