"""One module per page, each defining STEP; `flow.steps` finds them and puts them in order."""
