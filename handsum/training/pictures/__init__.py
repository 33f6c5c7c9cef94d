"""How training pictures look: ink as others would draw it, paper as bad as it gets, and what is no digit."""
