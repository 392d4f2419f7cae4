"""The rules that Linli ships: every ``*.toml`` beside this file."""
