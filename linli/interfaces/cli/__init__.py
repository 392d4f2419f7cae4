"""The program `linli`."""
