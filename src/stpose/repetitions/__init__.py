"""Repetitions: what repeats in a track, how often, and the pairs to learn from."""
