"""Posture AUC in the published format of Olympic Sports (paper 4.2)."""
