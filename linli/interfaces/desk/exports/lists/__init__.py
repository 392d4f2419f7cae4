"""The lists that can be taken out, by what they are of."""

from linli.interfaces.desk.exports.lists import (
    cases,
    fieldwork,
    figures,
    housing,
    owners,
    partners,
    promised,
    registers,
    rounds,
    streets,
    visits,
)


def register() -> None:
    """Enter all of them."""
    for group in (cases, promised, fieldwork, partners, registers, figures, housing, streets, visits, owners, rounds):
        group.register()
