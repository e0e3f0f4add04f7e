"""The profile: the contract between the wizard, which writes it, and the engines, which obey it.

One YAML file per Logix company (= one APS database). Nothing else of the package is imported here,
so that an engine can take this folder by itself.
"""
