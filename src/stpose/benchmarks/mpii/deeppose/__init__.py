"""DeepPose on MPII Human Pose from a chosen initialisation (paper 4.4, table 4)."""
