"""Pose by nearest neighbour on Leeds Sports Pose (paper 4.4, table 3)."""
