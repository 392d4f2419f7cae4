"""How the owners' committees were evaluated, for residents."""
