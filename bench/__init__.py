"""Measurements. Not part of the site; docs/leistung.md says what came out."""
