"""Partners of patient billing: a module each, its protocol and its live client, and what performs effects there."""
