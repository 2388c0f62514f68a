"""Payment methods, test cards, bank accounts, tokens and customers."""
