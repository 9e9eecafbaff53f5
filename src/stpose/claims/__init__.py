"""The claims stage: what the paper claims, and what came of it here."""
