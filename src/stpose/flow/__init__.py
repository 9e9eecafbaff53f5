"""Optical flow between consecutive frames, and how much more a person moves than the rest."""
