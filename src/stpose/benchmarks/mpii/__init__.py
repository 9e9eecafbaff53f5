"""MPII Human Pose: retrieval by pose (paper 4.3) and supervised pose estimation (paper 4.4)."""
