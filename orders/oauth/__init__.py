"""How API clients get the tokens that they work with, and how a token is checked."""
