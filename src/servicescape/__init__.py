"""A service catalog and SLO-as-code tool that knows which customers feel a failure."""

__version__ = "0.1.0"
