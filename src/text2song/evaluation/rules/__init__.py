"""The musical rules 1–29: what makes a score worth rendering, measured on its notes by code of its own."""
