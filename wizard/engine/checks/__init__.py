"""The checks that only the account of the engines itself can pass: one module each, defining CHECK."""
