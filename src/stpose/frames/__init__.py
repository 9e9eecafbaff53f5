"""Frames: videos decoded once into numbered, timed, encoded pictures."""
