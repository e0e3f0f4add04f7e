"""Work that enters a driver runs in a child process of this program, which can be ended at any moment.

A thread inside a C driver cannot be stopped from Python, and a driver that crashes takes its process
along. `host` is the side that asks, `child` the side that works; `shared` and
`shared_child` are the two sides of a process for several calls.
"""
