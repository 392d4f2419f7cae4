"""What every face's forms share: they show what a service found wrong where it was typed."""

from __future__ import annotations

from django import forms

from linli.foundation.core.errors import DomainError


class DomainForm(forms.Form):
    """A form that takes over what a service found wrong."""

    def take(self, error: DomainError) -> None:
        """Show ``error`` at its fields, or above the form."""
        rest = True
        for name, messages in error.fields.items():
            if name in self.fields:
                rest = False
                for message in messages:
                    self.add_error(name, message)
        if rest:
            self.add_error(None, str(error))
