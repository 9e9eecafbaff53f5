"""Artefacts: the files that stages hand to each other, and the only place that writes them."""
