"""The account of the engines: what it must be able to do, and proving it as that account."""
