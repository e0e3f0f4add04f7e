"""The flow of the wizard as plain data and functions: steps, forms, the state of one session, review and save.

No Qt here: the window, the command line and the headless demo walk the same way.
"""
