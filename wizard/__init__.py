"""The implementation wizard of the integration between TOTVS APS and the ERP Logix."""

__version__ = "0.1.0"
