"""Linli (邻里): a neighbourhood-governance platform for a Chinese subdistrict."""

__version__ = "0.2.0.dev0"
