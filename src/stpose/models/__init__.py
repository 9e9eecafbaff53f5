"""Weights that come with the package, and a card for each."""
