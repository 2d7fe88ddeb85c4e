"""Helio: web applications whose pages stay current by themselves."""
