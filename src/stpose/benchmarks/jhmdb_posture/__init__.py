"""A posture benchmark made from J-HMDB's joints, in the files published for Olympic Sports."""
