"""Findings in the forms that people and other tools read."""

from servicescape.report.base import ReportContext, Reporter
from servicescape.report.registry import REPORTERS, load_reporter
from servicescape.report.summary import Summary

__all__ = ["REPORTERS", "ReportContext", "Reporter", "Summary", "load_reporter"]
