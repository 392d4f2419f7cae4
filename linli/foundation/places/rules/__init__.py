"""Pure rules of the room `places`: addresses the Chinese way, map files, points in areas."""

from linli.foundation.places.rules.addresses import (
    Address,
    known_address,
    normal_key,
    numeral,
    parse_address,
    public_address,
)

__all__ = ["Address", "known_address", "normal_key", "numeral", "parse_address", "public_address"]
