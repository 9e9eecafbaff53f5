"""Recipes: how training samples are drawn from the crops, one module a task."""
