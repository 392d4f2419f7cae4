"""The lists that can be taken out, by what they are of."""

from linli.interfaces.desk.exports.lists import (
    cases,
    civility,
    fieldwork,
    figures,
    housing,
    incoming,
    owners,
    partners,
    promised,
    publishing,
    registers,
    rounds,
    streets,
    visits,
)


def register() -> None:
    """Enter all of them."""
    first = (cases, promised, fieldwork, partners, registers, figures, publishing, civility, incoming)
    for group in (*first, housing, streets, visits, owners, rounds):
        group.register()
