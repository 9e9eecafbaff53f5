"""Demo footage: articulated people in 3D, rendered to ordinary videos and benchmark sets."""
