"""Mailboxes that are read over IMAP: what residents write becomes a case, or is added to theirs."""
