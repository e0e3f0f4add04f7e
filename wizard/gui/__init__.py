"""The window: all Qt of the program, and nothing but showing and collecting. Rules live elsewhere."""
