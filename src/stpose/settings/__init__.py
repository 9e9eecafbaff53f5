"""Typed settings: one model a stage; the default YAML, schema and page are made from them."""
