"""Figures that the project promises, measured here: ``make bench``."""
