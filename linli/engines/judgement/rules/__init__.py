"""Pure rules of judgement."""
